using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>A store with entries of every kind, generated from a seed. Its snapshot has several frames.</summary>
internal static class SampleStore
{
    public const int Partitions = 3;
    public const int MaxValueLength = 300_000;

    private const int Entries = 1_200;
    private const long LiveAtMs = 1L << 46; // In the year 4199.

    /// <summary>Positions after the last entry of each partition.</summary>
    public static readonly long[] Positions = [.. Enumerable.Repeat<long>(Entries, Partitions)];

    public static FasterStateStore Of(Random random)
    {
        var store = StoreTesting.NewStore();
        for (var offset = 0L; offset < Entries; offset++)
            Write(store, offset, random);
        return store;
    }

    /// <summary>Sets a random key to a random entry, or removes it.</summary>
    public static void Write(IStateStore store, long offset, Random random)
    {
        var key = Key(random);
        var partition = random.Next(Partitions);
        if (random.Next(8) == 0)
        {
            store.Remove(key, StoreTesting.At(offset, partition, timestamp: offset));
            return;
        }

        var content = Content(random);
        var headers = random.Next(5) == 0 ? random.Next(Math.Min(content.Length, 100) + 1) : 0;
        var deadline = random.Next(4) == 0 ? Deadline.Of(LiveAtMs - random.Next(1_000_000), 1 + random.NextInt64(1L << 40)) : default;
        var quarantine = random.Next(10) == 0 ? (byte)random.Next(1, EntryLayout.MaxQuarantine + 1) : (byte)0;
        store.Set(key, new EntryMetadata(partition, offset, TimestampMs: offset, quarantine, deadline, (ushort)headers), content);
    }

    private static byte[] Key(Random random)
    {
        var number = random.Next(Entries);
        return number == 0 ? [] : StoreTesting.Key(number);
    }

    // The first half is zeros and can be compressed.
    private static byte[] Content(Random random)
    {
        var content = new byte[random.Next(300) switch { 0 => MaxValueLength, < 50 => 0, _ => random.Next(600) }];
        random.NextBytes(content.AsSpan(content.Length / 2));
        return content;
    }
}
