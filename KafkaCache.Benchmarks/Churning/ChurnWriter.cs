using System.Diagnostics;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Benchmarks.Churning;

/// <summary>Writes as a replay does, on one thread and with ascending offsets. Values are created in blocks, outside the measured
/// time.</summary>
internal sealed class ChurnWriter(IStateStore store, ChurnEntries entries, Random random)
{
    private const int DeletePercent = 10;
    private const int Block = 256;

    private readonly byte[] _values = new byte[Block * ChurnEntries.MaxValueLength];
    private readonly Write[] _writes = new Write[Block];
    private readonly int[] _lengths = new int[entries.Count]; // 0 if there is no entry
    private long _offset;

    /// <summary>The number of entries in the store, and the bytes of their keys and values.</summary>
    public int LiveEntries { get; private set; }

    /// <inheritdoc cref="LiveEntries"/>
    public long LiveBytes { get; private set; }

    /// <summary>Describes the writes, for the title of a report.</summary>
    public static string Description { get; } = $"values of 50 to {ChurnEntries.MaxValueLength} bytes, {DeletePercent} % deletes";

    /// <summary>Sets every key once.</summary>
    public void Fill() => Run(entries.Count, deletePercent: 0, static (at, _) => at);

    /// <summary>Makes as many writes as there are keys, each to a random key.</summary>
    /// <returns>The time spent in the store.</returns>
    public TimeSpan Churn() => Run(entries.Count, DeletePercent, (_, random) => random.Next(entries.Count));

    /// <exception cref="InvalidOperationException">The store counts other entries than it was given.</exception>
    public void RequireCount()
    {
        if (store.Count != LiveEntries)
            throw new InvalidOperationException($"The store counts {store.Count:N0} entries; {LiveEntries:N0} stand in it.");
    }

    private TimeSpan Run(int writes, int deletePercent, Func<int, Random, int> choose)
    {
        var time = TimeSpan.Zero;
        for (var done = 0; done < writes; done += Block)
        {
            var block = _writes.AsSpan(0, Math.Min(Block, writes - done));
            for (var i = 0; i < block.Length; i++)
                block[i] = Prepare(i, choose(done + i, random), remove: random.Next(100) < deletePercent);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < block.Length; i++)
                Apply(block[i], Room(i)[..block[i].Length]);
            time += Stopwatch.GetElapsedTime(start);
        }

        return time;
    }

    private Write Prepare(int at, int number, bool remove)
    {
        var version = entries.NextVersion(number, remove);
        var length = remove ? 0 : ChurnEntries.WriteValue(Room(at), number, version, random);
        LiveBytes += Bytes(number, length) - Bytes(number, _lengths[number]);
        LiveEntries += Math.Sign(length) - Math.Sign(_lengths[number]);
        _lengths[number] = length;
        return new Write(number, version, length);
    }

    private void Apply(in Write write, ReadOnlySpan<byte> value)
    {
        var metadata = new EntryMetadata(Partition: 0, _offset++, TimestampMs: _offset);
        entries.Announce(write.Number, write.Version);
        if (value.IsEmpty)
            store.Remove(entries.Key(write.Number), metadata);
        else
            store.Set(entries.Key(write.Number), metadata, value);
        entries.Settle(write.Number, write.Version);
    }

    private Span<byte> Room(int at) => _values.AsSpan(at * ChurnEntries.MaxValueLength, ChurnEntries.MaxValueLength);

    private int Bytes(int number, int valueLength) => valueLength == 0 ? 0 : entries.Key(number).Length + valueLength;

    private readonly record struct Write(int Number, int Version, int Length);
}
