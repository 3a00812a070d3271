using System.Text;

namespace KafkaCaching.Hybrid.Records;

/// <summary>The keys of the topic. An entry has the key that its user gave. All other records have keys that begin with U+0000, which no
/// key of a user contains.</summary>
internal static class RecordKeys
{
    public const char Reserved = '\0';

    /// <summary>The mark of everything, which <c>RemoveByTagAsync("*")</c> puts.</summary>
    public const string MarkOfAll = "\0tag/*";

    public const string ClaimPrefix = "\0claim/";

    /// <summary>The keys of the records with the tags that processes have open.</summary>
    public static ReadOnlySpan<byte> OpenPrefixBytes => "\0open/"u8;

    /// <summary>The keys of the records that readers decide by. A full store must not give them up.</summary>
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

    /// <summary>The key of the mark that a removal or a set of an entry leaves.</summary>
    public static string MarkOfKey(string key) => KeyPrefix + key;

    /// <summary>The tag that a mark is of.</summary>
    public static string TagOf(string mark) => mark[TagPrefix.Length..];

    public static string OfDistributed(string key) => DistributedPrefix + key;

    public static bool IsDistributed(string key) => key.StartsWith(DistributedPrefix, StringComparison.Ordinal);

    public static string OfClaim(string key) => ClaimPrefix + key;

    /// <summary>The key of the tags that a process has open.</summary>
    public static string OfOpen(string process) => OpenPrefix + process;

    /// <summary>The key of what others have ended of a process that gave no sign of life. It is another key, because that process may be
    /// alive after all, and write its own.</summary>
    public static string OfOpenEnd(string process) => OpenEndPrefix + process;
}
