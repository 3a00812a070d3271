using System.Collections.Concurrent;
using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>Fills that have been sent to the topic and are not applied yet. Reads find them here, so that a value can be read in this
/// process as soon as its factory has returned. Their total size is limited, because while the brokers are unavailable, each fill is kept
/// until its put times out.</summary>
internal sealed class PendingFills
{
    private const long MaxBytes = 64L << 20;
    private const int OverheadBytes = 256;

    private readonly ConcurrentDictionary<string, FoundEntry> _fills = new(StringComparer.Ordinal);
    private long _bytes;
    private int _count;

    /// <summary>Whether there are no such fills. A hit checks this first, because it costs less than a look-up.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public bool TryGet(string key, out FoundEntry fill) => _fills.TryGetValue(key, out fill);

    /// <returns>Whether there was room for the fill.</returns>
    public bool TryAdd(string key, StoredRecord record, DateTimeOffset now)
    {
        var size = SizeOf(key, record);
        if (Interlocked.Add(ref _bytes, size) > MaxBytes)
        {
            Interlocked.Add(ref _bytes, -size);
            return false;
        }

        Interlocked.Increment(ref _count);
        _fills[key] = new FoundEntry(record, now, Position: null);
        return true;
    }

    /// <summary>Removes a fill that <see cref="TryAdd"/> added. A later fill of the same key is kept.</summary>
    public void Remove(string key, StoredRecord record)
    {
        if (_fills.TryGetValue(key, out var fill) && ReferenceEquals(fill.Record, record))
            _fills.TryRemove(KeyValuePair.Create(key, fill));
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -SizeOf(key, record));
    }

    private static long SizeOf(string key, StoredRecord record) => OverheadBytes + 2L * key.Length + record.Payload.Length;
}
