using System.Text;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Options;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Replay.Applying;
using KafkaCaching.Topics;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay;

/// <summary>A cache without Kafka: the test's records are applied by the real replay loop to a real store, and read by the real
/// reader.</summary>
internal sealed class MemoryReplay<TKey, TValue> : IReplayObserver, IDisposable
    where TKey : notnull
{
    private static readonly TracedApply NoTraces = TracedApplies.Of("memory", NullLogger.Instance);

    private readonly RecordErrorSettlement _recordErrors;
    private readonly EntryReader<TKey, TValue> _reader;
    private readonly RecordApplier _applier;

    public MemoryReplay(
        Action<KafkaCacheOptions<TKey, TValue>>? configure = null, Func<IStateStore>? createStore = null, ILogger? logger = null)
    {
        var options = new KafkaCacheOptions<TKey, TValue> { BootstrapServers = "localhost:1", Topic = "memory" };
        configure?.Invoke(options);
        var keys = Codecs.ForKey(options.KeySerializer, options.KeyDeserializer, options.Topic!);
        var values = Codecs.ForValue(options.ValueSerializer, options.ValueDeserializer, options.ValueJsonTypeInfo, options.Topic!);
        Store = createStore is null ? new FasterStateStore(new StoreSettings(16 << 20, null, 1000, "memory")) : createStore();
        _applier = options.ForRecords(keys, values).CreateApplier(Store);
        _recordErrors = new RecordErrorSettlement("memory", options.OnRecordError, logger ?? NullLogger.Instance, options.TimeProvider);
        Positions = new Positions([.. Enumerable.Range(0, 3).Select(static p => new PartitionProgress(p, 0, 0, 0))]);
        var state = new CacheState("memory", default);
        state.Build(
            new Generation(
                1, new TopicShape("", Positions.Count), Store, instances: null, _applier, Positions, new Moment(TimeProvider.System)));
        state.Serve(TimeSpan.Zero);
        _reader = new EntryReader<TKey, TValue>(state, keys, values, options.TimeProvider);
    }

    public IStateStore Store { get; }

    public Positions Positions { get; }

    public long RecordErrors => _recordErrors.Counts.Total;

    public IReadOnlyDictionary<RecordErrorReason, long> RecordErrorsByReason => _recordErrors.Counts.Snapshot();

    public long KeysSeenInTwoPartitions => _applier.KeysSeenInTwoPartitions;

    public long ContestedKeys => _applier.ContestedKeys;

    public long ContestedBytes => _applier.ContestedBytes;

    public long Count => _reader.Count;

    public TValue? Get(TKey key) => _reader.TryGet(key, out var entry) ? entry.Value : default;

    public CacheEntry<TValue>? Entry(TKey key) => _reader.TryGet(key, out var entry) ? entry : null;

    public Dictionary<TKey, TValue> Content()
    {
        var content = _reader.Scan().ToDictionary(static pair => pair.Key, static pair => pair.Value.Value);
        Assert.Equal(content.Count, Count);
        return content;
    }

    public void Apply(params ReadOnlySpan<SourceRecord> records)
    {
        var batch = new RecordBatch(records.Length);
        foreach (var record in records)
            batch.Add(record);
        using var end = new CancellationTokenSource();
        using var source = new ScriptedSource(batch, end);
        using var sourceErrors = new SourceErrorSettlement("memory", NullLogger.Instance, TimeProvider.System);
        new ReplayLoop(source, _applier, NoTraces, _recordErrors, sourceErrors, Positions, this).Run(end.Token);
    }

    public ReplayEnd? AfterBatch() => null;

    public void Dispose() => Store.Dispose();
}

/// <summary>Creates records as a source delivers them.</summary>
internal static class Records
{
    public static SourceRecord Of(
        string? key, string? value, long offset, int partition = 0, long timestampMs = 1_000, IRecordHeaders? headers = null) =>
        Of(Bytes(key), Bytes(value), offset, partition, timestampMs, headers);

    public static SourceRecord Of(
        byte[]? key, byte[]? value, long offset, int partition = 0, long timestampMs = 1_000, IRecordHeaders? headers = null) =>
        new(partition, offset, timestampMs, key, value, headers);

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
