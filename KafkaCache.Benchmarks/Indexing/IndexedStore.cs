using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Indexes;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Benchmarks.Indexing;

/// <summary>A store, with or without indexes, that is filled in the same way as by a replay.</summary>
internal sealed class IndexedStore : IDisposable
{
    private const long MemoryBudget = 1L << 30;
    private const int PrefetchedRecords = 8;

    private readonly FasterStateStore _store;
    private readonly EntryIndexer<User>? _indexer;
    private readonly RecordApplier _applier;

    public IndexedStore(int entries, CacheIndexes<User> indexes)
    {
        var keys = Codecs.ForKey<string>(null, null, "users");
        var values = Codecs.ForValue<User>(null, null, null, "users");
        _store = new FasterStateStore(new StoreSettings(MemoryBudget, null, entries, "users"));
        _indexer = indexes.All.Count > 0 || indexes.OrderKeys
            ? new EntryIndexer<User>(indexes.All, indexes.OrderKeys, values, _store, MemoryBudget, "users")
            : null;
        var generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), new Positions([]), new Moment(TimeProvider.System),
            isSecondTry: false, _indexer);
        _store.Observer = generation.Writes.IsNeeded ? generation.Writes : null;
        var state = new CacheState("users", default);
        state.Build(generation);
        state.Serve(TimeSpan.Zero);
        Entries = new EntryReader<string, User>(state, keys, values, TimeProvider.System);
        Index = new IndexReader<string, User>(state, Entries, keys, values, indexes);
        var bytes = Codecs.ForValue<byte[]>(null, null, null, "users");
        var undecoded = new CacheIndexes<byte[]> { OrderKeys = indexes.OrderKeys };
        Bytes = new EntryReader<string, byte[]>(state, keys, bytes, TimeProvider.System);
        BytesIndex = new IndexReader<string, byte[]>(state, Bytes, keys, bytes, undecoded);
        _applier = new RecordRules<string, User>(keys, values, null, null, null, DecodeOnReplay: true).CreateApplier(_store, _indexer);
        for (var number = 0; number < entries; number++)
            _applier.Apply(Record(number, number));
    }

    public EntryReader<string, User> Entries { get; }

    public IndexReader<string, User> Index { get; }

    /// <summary>Reads the entries as bytes.</summary>
    public EntryReader<string, byte[]> Bytes { get; }

    public IndexReader<string, byte[]> BytesIndex { get; }

    public long IndexBytes => _indexer?.Indexes.Bytes ?? 0;

    public static SourceRecord Record(int number, long offset) => new(
        partition: 0, offset, timestampMs: 1, Encoding.UTF8.GetBytes(Workload.Key(number)), Workload.Value(number), headers: null);

    /// <summary>Applies records as a replay with indexes does: decode → selectors → store.</summary>
    public void Apply(SourceRecord[] records)
    {
        for (var i = 0; i < records.Length; i++)
        {
            if (i + PrefetchedRecords < records.Length)
                _applier.Prefetch(records[i + PrefetchedRecords]);
            _applier.Apply(records[i]);
        }
    }

    public void Dispose() => _store.Dispose();
}
