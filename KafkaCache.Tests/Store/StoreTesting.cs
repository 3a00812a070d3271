using System.Buffers.Binary;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Tests.Store;

/// <summary>Helpers of the store tests: small stores, numbered keys, and values whose every byte depends on their offset and
/// length.</summary>
internal static class StoreTesting
{
    public const long MiB = 1 << 20;

    public static FasterStateStore NewStore(long budget = 64 * MiB, string? spill = null, long expected = 10_000, long? maxEntry = null) =>
        new(new StoreSettings(budget, spill, expected, "store-tests", maxEntry));

    public static byte[] Key(long number)
    {
        var key = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(4), number);
        return key;
    }

    public static long KeyNumber(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key[4..]);

    public static EntryMetadata At(long offset, int partition = 0, long timestamp = 0, byte quarantine = 0) =>
        new(partition, offset, timestamp, quarantine);

    /// <summary>Fills a value so that every byte depends on its offset and length. A mixture of two values is therefore detected.</summary>
    public static void Describe(Span<byte> value, long offset)
    {
        value.Fill(Mark(offset, value.Length));
        if (value.Length >= 12)
        {
            BinaryPrimitives.WriteInt64LittleEndian(value, offset);
            BinaryPrimitives.WriteInt32LittleEndian(value[8..], value.Length);
        }
    }

    public static byte[] Describing(long offset, int length)
    {
        var value = new byte[length];
        Describe(value, offset);
        return value;
    }

    public static bool IsWhole(ReadOnlySpan<byte> value, long offset)
    {
        var mark = Mark(offset, value.Length);
        if (value.Length < 12)
            return !value.ContainsAnyExcept(mark);
        return BinaryPrimitives.ReadInt64LittleEndian(value) == offset
            && BinaryPrimitives.ReadInt32LittleEndian(value[8..]) == value.Length
            && !value[12..].ContainsAnyExcept(mark);
    }

    /// <summary>Asserts that the key has the value written at this offset with this length.</summary>
    public static void AssertStands(IStateStore store, long key, long offset, int length)
    {
        using var entry = store.Read(Key(key));
        Assert.True(entry.Found, $"key {key} is missing");
        Assert.Equal(offset, entry.Metadata.Offset);
        Assert.Equal(length, entry.Value.Length);
        Assert.True(IsWhole(entry.Value, offset), $"key {key} is garbled");
    }

    public static void AssertAbsent(IStateStore store, long key)
    {
        using var entry = store.Read(Key(key));
        Assert.False(entry.Found, $"key {key} should be absent");
    }

    /// <summary>Returns how often a scan returned each key, and asserts that every entry is whole.</summary>
    public static Dictionary<long, int> ScanKeys(IStateStore store)
    {
        var keys = new Dictionary<long, int>();
        using var scan = store.Scan();
        while (scan.MoveNext())
        {
            var key = KeyNumber(scan.Key);
            Assert.True(IsWhole(scan.Value, scan.Metadata.Offset), $"key {key} is garbled in a scan");
            keys[key] = keys.GetValueOrDefault(key) + 1;
        }

        return keys;
    }

    private static byte Mark(long offset, int length) => (byte)((offset * 31) + length);
}
