using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Reads;
using KafkaCaching.Replay.Applying;

namespace KafkaCaching.Parts;

/// <summary>The parts that answer reads and report changes to watchers.</summary>
internal sealed record CacheReads<TKey, TValue>(
    EntryReader<TKey, TValue> Entries, IndexReader<TKey, TValue> Indexes, Watcher<TKey, TValue> Watcher, ReadCounts Counts)
    where TKey : notnull
{
    /// <param name="options">The options of the cache.</param>
    /// <param name="replay">The replay that fills the store.</param>
    /// <param name="keys">Encodes and decodes keys.</param>
    /// <param name="values">Encodes and decodes values.</param>
    /// <param name="counts">Whether reads are counted.</param>
    public static CacheReads<TKey, TValue> Of(
        KafkaCacheOptions<TKey, TValue> options, CacheReplay replay, Codec<TKey> keys, Codec<TValue> values, bool counts)
    {
        var state = replay.State;
        var read = new ReadCounts();
        var entries = new EntryReader<TKey, TValue>(
            state, keys, values, options.TimeProvider, counts ? read : null, options.Store.WhenFull == StoreFullPolicy.Evict);
        var watcher = new Watcher<TKey, TValue>(
            replay.Changes, new EntryDecoder<TKey, TValue>(keys, values), stopping => state.Ready.Task.WaitAsync(stopping));
        return new CacheReads<TKey, TValue>(
            entries, new IndexReader<TKey, TValue>(state, entries, keys, values, options.Indexes.Copy()), watcher, read);
    }
}
