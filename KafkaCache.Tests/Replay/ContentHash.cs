using System.Security.Cryptography;

namespace KafkaCaching.Tests.Replay;

/// <summary>One line for all that a cache holds, in whatever order it is scanned.</summary>
internal static class ContentHash
{
    /// <summary>Of keys, values, partitions, offsets and timestamps.</summary>
    public static string OfEntries(IEnumerable<KeyValuePair<byte[], CacheEntry<byte[]>>> entries) => Of(entries, static (writer, entry) =>
    {
        Write(writer, entry.Value);
        writer.Write(entry.Partition);
        writer.Write(entry.Offset);
        writer.Write(entry.Timestamp.ToUnixTimeMilliseconds());
    });

    /// <summary>Of keys and values: where records lie depends on the number of partitions.</summary>
    public static string OfValues(IEnumerable<KeyValuePair<byte[], CacheEntry<byte[]>>> entries) =>
        Of(entries, static (writer, entry) => Write(writer, entry.Value));

    public static string OfValues(IEnumerable<KeyValuePair<byte[], byte[]>> entries) => Of(entries, Write);

    private static string Of<T>(IEnumerable<KeyValuePair<byte[], T>> entries, Action<BinaryWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (
            var (key, entry) in entries.OrderBy(
                static entry => entry.Key, Comparer<byte[]>.Create(static (one, other) => one.AsSpan().SequenceCompareTo(other))))
        {
            Write(writer, key);
            write(writer, entry);
        }

        return Convert.ToHexString(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    // Each with its length: else a byte could move from one to the next and leave no trace.
    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
