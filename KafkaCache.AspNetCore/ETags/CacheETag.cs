using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace KafkaCaching.AspNetCore.ETags;

/// <summary>Creates an entity tag for the whole content of caches. The tag is the same on every instance whose caches have applied the same
/// records.</summary>
internal static class CacheETag
{
    private const int Bytes = 16;

    /// <returns>The tag; <see langword="null"/> if one of the caches refuses reads, so that its content can't be shown, has evicted
    /// entries, so that its content does not only depend on the records, or is still loading its snapshot, so that the number of its
    /// entries is not known.</returns>
    public static EntityTagHeaderValue? Of(IEnumerable<IKafkaCache> caches)
    {
        var content = new StringBuilder();
        foreach (var cache in caches)
        {
            // The number of the generation is included because the same positions refer to other records after a log has been truncated.
            // The number of entries is included because entries may expire. At the same positions, nothing else changes the content, so the
            // number determines which entries remain.
            var status = cache.Status;
            if (!status.IsReadable || status.EvictedEntries > 0 || status.Start is { IsLoading: true })
                return null;
            content.Append(CultureInfo.InvariantCulture, $"{cache.Name}\n{status.TopicId}\n{status.Generation}\n{status.Entries}\n");
            foreach (var partition in status.Partitions)
                content.Append(CultureInfo.InvariantCulture, $"{partition.Position}\n");
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString()));
        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, Bytes))}\"", isWeak: true);
    }
}
