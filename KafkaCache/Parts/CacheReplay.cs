using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Generations.Supervision;
using KafkaCaching.Indexes;
using KafkaCaching.Options;
using KafkaCaching.Reads;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Snapshots;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Parts;

/// <summary>The parts that replay the topic's records into a store and report the progress.</summary>
internal sealed record CacheReplay(
    CacheState State, PositionWaiters Waiters, ChangeFeed Changes, AppliedWait Applied, Supervisor Supervisor, StatusReport Status)
{
    /// <param name="options">The options of the cache.</param>
    /// <param name="context">The context that all parts share.</param>
    /// <param name="keys">Encodes and decodes keys.</param>
    /// <param name="values">Encodes and decodes values.</param>
    /// <param name="createStore">Creates the stores; <see langword="null"/> for the library's own stores.</param>
    public static CacheReplay Of<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, CacheContext context, Codec<TKey> keys, Codec<TValue> values,
        Func<StoreSettings, IStateStore>? createStore)
        where TKey : notnull
    {
        var (name, topic, time, logger, transport, tracing, durations) = context;
        var state = new CacheState(name, new ReadPolicy(options.ReadBeforeReady, options.ReadWhenStale, options.ReadWhenFaulted));
        var waiters = new PositionWaiters();
        var changes = new ChangeFeed(name);
        var recordErrors = new RecordErrorSettlement(topic, options.OnRecordError, logger, time);
        var removals = new RemovalCounts();
        var rules = options.ForRecords(keys, values);
        var parts = new ReplayParts(
            OpenTopic: () => transport.OpenTopic(topic),
            OpenSource: (shape, from) => transport.OpenSource(shape, topic, from, rules.ReadsHeaders),
            CloseSource: transport.CloseSource,
            CreateStore: StoresOf(options.Store, name, time, removals, createStore),
            CreateInstances: InstancesOf(options),
            CreateIndexer: IndexersOf(options, name, values),
            CreateApplier: rules.CreateApplier,
            Traced: new TracedApply(tracing));
        var settings = new SupervisorSettings(name, topic, options.StaleAfter, time)
        {
            RetryPause = transport.RetryPause, Expires = options.Expires, TimeToLive = options.TimeToLive,
            Snapshots = SnapshotSettings.Of(options),
        };
        var supervisor = new Supervisor(parts, settings, state, waiters, changes, recordErrors, logger);
        var status = new StatusReport(
            state, changes, recordErrors, removals, () => supervisor.Totals with { ClientsLeftBehind = transport.ClientsLeftBehind },
            () => supervisor.IsRunning, () => supervisor.SinceConfirmed, () => (supervisor.StartStatus, supervisor.SnapshotStatus),
            options.Store.MemoryBudget, topic, transport.Unanswered(topic), () => transport.Problem, time);
        return new CacheReplay(
            state, waiters, changes, new AppliedWait(state, waiters, topic, options.ApplyTimeout, time, durations), supervisor, status);
    }

    private static Func<long, IStateStore> StoresOf(
        StoreOptions options, string name, TimeProvider time, RemovalCounts removals, Func<StoreSettings, IStateStore>? create)
    {
        create ??= static settings => new FasterStateStore(settings);
        var (budget, spill, maxEntryBytes) = (options.MemoryBudget, options.SpillDirectory, options.MaxEntryBytes);
        var evicts = options.WhenFull == StoreFullPolicy.Evict;
        ReadOnlyMemory<byte>[] prefixes = [.. options.NeverEvictPrefixes];
        return records => create(new StoreSettings(budget, spill, records, name, maxEntryBytes)
        {
            Evicts = evicts, NeverEvictPrefixes = prefixes, Time = time, Removals = removals,
        });
    }

    private static Func<InstanceTable?> InstancesOf<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        var reuse = options.ReuseInstances ?? Immutability.IsDeclaredBy(typeof(TValue));
        return () => reuse ? new InstanceTable<TValue>() : null;
    }

    private static Func<IStateStore, EntryIndexer?> IndexersOf<TKey, TValue>(
        KafkaCacheOptions<TKey, TValue> options, string name, Codec<TValue> values)
        where TKey : notnull
    {
        var (indexes, budget) = (options.Indexes.Copy(), options.Store.MemoryBudget);
        return store => indexes.All.Count > 0 || indexes.OrderKeys
            ? new EntryIndexer<TValue>(indexes.All, indexes.OrderKeys, values, store, budget, name)
            : null;
    }
}
