using System.Security.Cryptography;
using System.Text;

namespace KafkaCaching.Store;

/// <summary>The names of a cache's files.</summary>
internal static class CacheFileNames
{
    /// <summary>Returns the prefix of the names of all of a cache's files. The name of the cache is hashed, because it may contain
    /// characters that are not allowed in a path.</summary>
    public static string PrefixOf(string cacheName) =>
        "kafkacache-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cacheName)))[..16];
}
