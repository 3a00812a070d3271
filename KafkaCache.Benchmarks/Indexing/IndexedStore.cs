using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Indexes;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Topics;

namespace KafkaCaching.Benchmarks.Indexing;

/// <summary>A store that is filled as a replay fills it, with or without indexes.</summary>
internal sealed class IndexedStore : IDisposable
{
    private const long MemoryBudget = 1L << 30;

    private readonly FasterStateStore _store;
    private readonly EntryIndexer<User>? _indexer;
    private long _offset;

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
        for (var number = 0; number < entries; number++)
            Set(number);
    }

    public EntryReader<string, User> Entries { get; }

    public IndexReader<string, User> Index { get; }

    /// <summary>Reads the same entries without decoding them.</summary>
    public EntryReader<string, byte[]> Bytes { get; }

    public IndexReader<string, byte[]> BytesIndex { get; }

    public long IndexBytes => _indexer?.Indexes.Bytes ?? 0;

    /// <summary>Writes a record as a replay that decodes does: decode → selectors → store.</summary>
    public void Set(int number)
    {
        var value = Workload.Value(number);
        var user = User.FromJson(value);
        _indexer?.Prepare(user);
        _store.Set(Encoding.UTF8.GetBytes(Workload.Key(number)), new EntryMetadata(0, ++_offset, TimestampMs: 1), value);
    }

    public void Dispose() => _store.Dispose();
}
