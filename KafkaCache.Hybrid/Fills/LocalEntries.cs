using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>Values that only this process keeps, because their callers set <c>DisableDistributedCacheWrite</c>. Marks invalidate them in
/// the same way as entries of the topic.</summary>
internal sealed class LocalEntries(TimeProvider time) : IDisposable
{
    private const long MaxBytes = 64L << 20;

    // The approximate size of an entry besides its key and its payload: the table's own objects, the record, its positions and its tags.
    private const int OverheadBytes = 512;

    // The table is created on first use. Most applications never set that flag, so their hits need not search it.
    private MemoryCache? _entries;

    public bool IsEmpty => Volatile.Read(ref _entries) is null;

    public bool TryGet(string key, out FoundEntry entry)
    {
        if (_entries?.TryGetValue(key, out var found) == true)
        {
            entry = (FoundEntry)found!;
            return true;
        }

        entry = default;
        return false;
    }

    public void Set(string key, StoredRecord record, TimeSpan lifetime)
    {
        var entries = Volatile.Read(ref _entries) ?? Create();
        using var entry = entries.CreateEntry(key);
        entry.Value = new FoundEntry(record, time.GetUtcNow(), Position: null);
        entry.AbsoluteExpirationRelativeToNow = lifetime;
        entry.Size = OverheadBytes + 2L * key.Length + record.Payload.Length;
    }

    public void Remove(string key) => _entries?.Remove(key);

    public void Dispose() => _entries?.Dispose();

    private MemoryCache Create()
    {
        var made = new MemoryCache(new MemoryCacheOptions { SizeLimit = MaxBytes, Clock = new Clock(time) });
        var first = Interlocked.CompareExchange(ref _entries, made, null);
        if (first is null)
            return made;
        made.Dispose();
        return first;
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
