using System.Globalization;
using System.Text;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Indexes;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Indexes;

/// <summary>A store with indexes that one thread writes and others read concurrently. A value consists of its version and its
/// groups.</summary>
internal sealed class IndexHistory : IDisposable
{
    public const int Groups = 50;

    private readonly FasterStateStore _store = new(new StoreSettings(64 << 20, null, 10_000, "indexes"));
    private readonly CacheState _state = new("indexes", default);
    private readonly EntryIndexer<string> _indexer;
    private readonly CacheIndexes<string> _indexes = new();
    private long _offset;

    public IndexHistory()
    {
        var keys = Codecs.ForKey<string>(null, null, "indexes");
        var values = Codecs.ForValue<string>(null, null, null, "indexes");
        ByGroup = _indexes.Add(
            "group", static value => value.Split(' ')[1..].Select(static group => int.Parse(group, CultureInfo.InvariantCulture)));
        ByVersion = _indexes.AddUnique("version", static value => value[..value.IndexOf(' ', StringComparison.Ordinal)]);
        _indexes.OrderKeys = true;
        _indexer = new EntryIndexer<string>(_indexes.All, ordersKeys: true, values, _store, 64 << 20, "indexes");
        var generation = new Generation(
            1, new TopicShape("", 1), _store, instances: null, new ByteApplier(_store), new Positions([]), new Moment(TimeProvider.System),
            isSecondTry: false, _indexer);
        _store.Observer = generation.Writes;
        _state.Build(generation);
        _state.Serve(TimeSpan.Zero);
        var entries = new EntryReader<string, string>(_state, keys, values, TimeProvider.System);
        Reader = new IndexReader<string, string>(_state, entries, keys, values, _indexes);
    }

    public CacheIndex<int> ByGroup { get; }

    public CacheIndex<string> ByVersion { get; }

    public IndexReader<string, string> Reader { get; }

    public IReadOnlyList<IndexStatus> Status => _indexer.Indexes.Status();

    public static string Key(int key) => $"key/{key:000000}";

    /// <summary>Called by the writing thread.</summary>
    public void Set(int key, string value, int partition = 0, long timestamp = 0) => _store.Set(
        Encoding.UTF8.GetBytes(Key(key)), new EntryMetadata(partition, ++_offset, timestamp), Encoding.UTF8.GetBytes(value));

    /// <summary>Called by the writing thread.</summary>
    public void Remove(int key, int partition = 0, long timestamp = 0) =>
        _store.Remove(Encoding.UTF8.GetBytes(Key(key)), new EntryMetadata(partition, ++_offset, timestamp));

    /// <summary>Called by the writing thread.</summary>
    public void Quarantine(int key) =>
        _store.Set(Encoding.UTF8.GetBytes(Key(key)), new EntryMetadata(0, ++_offset, 0, Quarantine: 1), []);

    public void Dispose() => _store.Dispose();
}
