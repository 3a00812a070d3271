using System.Diagnostics.Metrics;
using KafkaCaching.Changes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Indexes;
using KafkaCaching.Puts;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Snapshots;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Log;
using KafkaCaching.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching;

/// <summary>Assembles the parts of a cache from its options. The options are read once, here.</summary>
internal sealed record CacheParts<TKey, TValue>(
    string Name,
    string Topic,
    TimeSpan ReadyTimeout,
    TimeProvider Time,
    IMeterFactory? MeterFactory,
    CacheState State,
    PositionWaiters Waiters,
    ChangeFeed Changes,
    Watcher<TKey, TValue> Watcher,
    AppliedWait Applied,
    EntryReader<TKey, TValue> Reader,
    IndexReader<TKey, TValue> IndexReader,
    ReadCounts Reads,
    Putter<TKey, TValue>? Putter,
    StatusReport Status,
    Supervisor Supervisor,
    Transport Transport)
    where TKey : notnull
{
    public static CacheParts<TKey, TValue> Of(
        KafkaCacheOptions<TKey, TValue> options, Transport transport, ILoggerFactory? loggerFactory,
        Func<StoreSettings, IStateStore>? createStore, bool countsReads = true)
    {
        var topic = options.Topic!;
        var name = options.Name ?? topic;
        var time = options.TimeProvider;
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger($"KafkaCache.{name}");

        var keys = Codecs.ForKey(options.KeySerializer, options.KeyDeserializer, topic);
        var values = Codecs.ForValue(
            options.ValueSerializer, options.ValueDeserializer, options.ValueJsonTypeInfo, topic, options.ValueJsonOptions);
        var rules = RecordRules<TKey, TValue>.Of(options, keys, values);

        transport.Begin(name, logger);
        var listenerFaults = new ListenerFaults(logger, topic);
        var tracing = new CacheTracing(name, topic, transport.ProducerId, transport.ConsumerId, listenerFaults);
        var state = new CacheState(name, new ReadPolicy(options.ReadBeforeReady, options.ReadWhenStale, options.ReadWhenFaulted));
        var waiters = new PositionWaiters();
        var changes = new ChangeFeed(name);
        var durations = new CacheDurations(options.MeterFactory, name, topic, time, listenerFaults);
        var applied = new AppliedWait(state, waiters, topic, options.ApplyTimeout, time, durations);
        var reads = new ReadCounts();
        var recordErrors = new RecordErrorSettlement(topic, options.OnRecordError, logger, time);

        var (budget, spill, maxEntryBytes) = (options.Store.MemoryBudget, options.Store.SpillDirectory, options.Store.MaxEntryBytes);
        var evicts = options.Store.WhenFull == StoreFullPolicy.Evict;
        ReadOnlyMemory<byte>[] prefixes = [.. options.Store.NeverEvictPrefixes];
        var removals = new RemovalCounts();
        var indexes = options.Indexes;
        var reuse = options.ReuseInstances ?? Immutability.IsDeclaredBy(typeof(TValue));
        createStore ??= static settings => new FasterStateStore(settings);
        var replay = new ReplayParts(
            OpenTopic: () => transport.OpenTopic(topic),
            OpenSource: (shape, from) => transport.OpenSource(shape, topic, from, rules.ReadsHeaders),
            CloseSource: transport.CloseSource,
            CreateStore: records => createStore(
                new StoreSettings(budget, spill, records, name, maxEntryBytes) 
                {
                    Evicts = evicts, NeverEvictPrefixes = prefixes, Time = time, Removals = removals,
                }),
            CreateInstances: () => reuse ? new InstanceTable<TValue>() : null,
            CreateIndexer: store => indexes.All.Count > 0 || indexes.OrderKeys
                ? new EntryIndexer<TValue>(indexes.All, indexes.OrderKeys, values, store, budget, name)
                : null,
            CreateApplier: rules.CreateApplier,
            Traced: new TracedApply(tracing));
        var supervisor = new Supervisor(
            replay, new SupervisorSettings(name, topic, options.StaleAfter, time)
            {
                RetryPause = transport.RetryPause, Expires = options.Expires, TimeToLive = options.TimeToLive,
                Snapshots = SnapshotSettings.Of(options),
            }, state, waiters,
            changes, recordErrors, logger);

        var putter = options.ReadOnly
            ? null
            : new Putter<TKey, TValue>(
                name, new RecordProducer(transport.OpenSink(topic), options.PutTimeout, time), keys, values, options.ValidatePut,
                applied, StoreGeometry.MaxEntryBytesFor(maxEntryBytes), options.Expires,
                [.. options.KeepHeaders], options.PutTimeout, time, durations, tracing);
        var status = new StatusReport(
            state, changes, recordErrors, removals, () => supervisor.Totals with { ClientsLeftBehind = transport.ClientsLeftBehind },
            () => supervisor.IsRunning, () => supervisor.SinceConfirmed,
            () => (supervisor.StartStatus, supervisor.SnapshotStatus),
            budget, topic, transport.Unanswered(topic), () => transport.Problem, time);
        var entries = new EntryReader<TKey, TValue>(state, keys, values, time, countsReads ? reads : null, evicts);
        return new CacheParts<TKey, TValue>(
            name, topic, options.ReadyTimeout, time, options.MeterFactory, state, waiters, changes,
            new Watcher<TKey, TValue>(
                changes, new EntryDecoder<TKey, TValue>(keys, values), stopping => state.Ready.Task.WaitAsync(stopping)),
            applied,
            entries, new IndexReader<TKey, TValue>(state, entries, keys, values, indexes), reads, putter, status, supervisor, transport);
    }
}
