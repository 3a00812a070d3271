using System.Text;

namespace KafkaCaching.Hybrid.Records;

/// <summary>The keys of the topic's records. An entry has the key that its user gave it. All other records have keys that begin with
/// U+0000, which no user's key contains.</summary>
internal static class RecordKeys
{
    public const char Reserved = '\0';

    /// <summary>The key of the mark that invalidates all entries, which <c>RemoveByTagAsync("*")</c> puts.</summary>
    public const string MarkOfAll = "\0tag/*";

    public const string ClaimPrefix = "\0claim/";

    /// <summary>The prefix of the keys of the records that list the open tags of a process.</summary>
    public static ReadOnlySpan<byte> OpenPrefixBytes => "\0open/"u8;

    /// <summary>The prefixes of the keys of the records by which readers decide whether an entry is valid. A full store must not evict
    /// these records.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> NeverEvicted { get; } =
        [
            .. new[] { TagPrefix, KeyPrefix, ClaimPrefix, OpenPrefix, OpenEndPrefix }
                .Select(static prefix => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(prefix)),
        ];

    private const string TagPrefix = "\0tag/";
    private const string KeyPrefix = "\0key/";
    private const string OpenPrefix = "\0open/";
    private const string OpenEndPrefix = "\0end/";
    private const string DistributedPrefix = "\0dc/";

    /// <summary>The key of a tag's mark.</summary>
    public static string MarkOfTag(string tag) => TagPrefix + tag;

    /// <summary>The key of the mark that is written when an entry is set or removed.</summary>
    public static string MarkOfKey(string key) => KeyPrefix + key;

    /// <summary>The tag whose mark has this key.</summary>
    public static string TagOf(string mark) => mark[TagPrefix.Length..];

    public static string OfDistributed(string key) => DistributedPrefix + key;

    public static bool IsDistributed(string key) => key.StartsWith(DistributedPrefix, StringComparison.Ordinal);

    public static string OfClaim(string key) => ClaimPrefix + key;

    /// <summary>The key of the record that lists the open tags of a process.</summary>
    public static string OfOpen(string process) => OpenPrefix + process;

    /// <summary>The key of the record with which other processes end the open tags of a process that has not renewed them. It is a separate
    /// key, because that process may still be alive and write its own record.</summary>
    public static string OfOpenEnd(string process) => OpenEndPrefix + process;
}
