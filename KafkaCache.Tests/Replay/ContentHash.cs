using System.Security.Cryptography;

namespace KafkaCaching.Tests.Replay;

/// <summary>A hash of the content of a cache that does not depend on the order of a scan.</summary>
internal static class ContentHash
{
    /// <summary>The hash of keys, values, partitions, offsets and timestamps.</summary>
    public static string OfEntries(IEnumerable<KeyValuePair<byte[], CacheEntry<byte[]>>> entries) => Of(entries, static (writer, entry) =>
    {
        Write(writer, entry.Value);
        writer.Write(entry.Partition);
        writer.Write(entry.Offset);
        writer.Write(entry.Timestamp.ToUnixTimeMilliseconds());
    });

    /// <summary>The hash of keys and values only, because the positions of records depend on the number of partitions.</summary>
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

    // The length is written first, so that moving a byte from one array to the next changes the hash.
    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
