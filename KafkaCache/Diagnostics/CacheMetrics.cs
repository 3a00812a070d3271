using System.Diagnostics.Metrics;

namespace KafkaCaching.Diagnostics;

/// <summary>The instruments for all caches of one meter factory. Where possible, an instrument is observable: it reads its value from the
/// caches at each scrape, so nothing has to be counted a second time.</summary>
internal sealed class CacheMetrics
{
    public const string MeterName = KafkaCache.MeterName;

    private static readonly PerMeterFactory<CacheMetrics> Sets = new(MeterName, static meter => new CacheMetrics(meter));

    // The buckets range from the time of a write to a broker on the same machine to well above the time-out of a request.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private readonly ObservedSet<ObservedCache> _caches = new();

    private CacheMetrics(Meter meter)
    {
        meter.CreateObservableGauge(
            "kafkacache.lag", () => PerPartition(static partition => partition.Lag), "{record}",
            "Records between the position and the high watermark.");
        meter.CreateObservableGauge(
            "kafkacache.lag.duration", () => PerPartition(static partition => partition.LagDuration.TotalSeconds), "s",
            "0 if the lag is 0, otherwise the time since the timestamp of the last applied record.");
        meter.CreateObservableGauge(
            "kafkacache.position", () => PerPartition(static partition => partition.Position), description: "The next offset to apply.");
        meter.CreateObservableGauge(
            "kafkacache.high_watermark", () => PerPartition(static partition => partition.HighWatermark),
            description: "The high watermark last seen: one past the newest replicated record.");

        meter.CreateObservableGauge(
            "kafkacache.ready", () => PerCache(static status => IsReady(status.Phase) ? 1 : 0),
            description: "1 if the cache is ready to be read, else 0.");
        meter.CreateObservableGauge(
            "kafkacache.stale", () => PerCache(static status => status.Phase == CachePhase.Stale ? 1 : 0),
            description: "1 if the brokers have not confirmed for longer than StaleAfter that the replay keeps up with the log, else 0.");
        meter.CreateObservableGauge("kafkacache.phase", Phases, description: "1 for the phase that the cache is in, 0 for the others.");
        meter.CreateObservableGauge(
            "kafkacache.progress", () => PerCache(static status => status.Progress),
            description: "How much of the replay is done, from 0 to 1.");
        meter.CreateObservableGauge(
            "kafkacache.time_to_ready", () => Known(static status => status.TimeToReady?.TotalSeconds), "s",
            "From the creation of the cache until it was first ready.");
        meter.CreateObservableGauge("kafkacache.entries", () => PerCache(static status => status.Entries), "{entry}", "Readable entries.");
        meter.CreateObservableGauge(
            "kafkacache.memory", () => PerCache(static status => status.MemoryBytes), "By",
            "Memory that the store takes: its log's pages and its index.");
        meter.CreateObservableGauge(
            "kafkacache.memory.budget", () => PerCache(static status => status.MemoryBudgetBytes), "By",
            "The most memory that the store may take.");
        meter.CreateObservableGauge(
            "kafkacache.spilled", () => Known(static status => status.SpilledBytes), "By",
            "The size on disk of the file in SpillDirectory.");
        meter.CreateObservableGauge(
            "kafkacache.keys.contested", () => PerCache(static status => status.ContestedKeys), "{key}",
            "Keys that the latest records of more than one record key yield, by a resolver.");
        meter.CreateObservableGauge(
            "kafkacache.memory.contested", () => PerCache(static status => status.ContestedBytes), "By",
            "Memory held in addition to the store's, to decide which record yields a contested key.");

        meter.CreateObservableGauge(
            "kafkacache.watchers", () => PerCache(static status => status.Watchers), "{watcher}", "Watches under way.");
        meter.CreateObservableGauge(
            "kafkacache.changes.pending", () => PerCache(static status => status.PendingChanges), "{change}",
            "Changes that wait for the slowest watcher.");

        meter.CreateObservableGauge(
            "kafkacache.index.terms", () => PerIndex(static index => index.Terms), "{term}", "Terms of an index.");
        meter.CreateObservableGauge(
            "kafkacache.index.postings", () => PerIndex(static index => index.Postings), "{posting}",
            "Pairs of a term and an entry in an index.");
        meter.CreateObservableGauge(
            "kafkacache.index.conflicts", () => PerIndex(static index => index.Conflicts), "{entry}",
            "Entries of a unique index whose term another entry had first.");

        meter.CreateObservableGauge(
            "kafkacache.start", Starts, description: "1, tagged with how the cache started (warm from a snapshot, or cold) and why.");
        meter.CreateObservableGauge(
            "kafkacache.load.duration",
            () => Known(
                static status => status is { Snapshot: not null, Start: { IsWarm: true, IsLoading: false } warm }
                    ? warm.LoadDuration.TotalSeconds
                    : (double?)null),
            "s",
            "How long the snapshot that the cache started from took to load.");
        meter.CreateObservableGauge(
            "kafkacache.snapshot.age", () => Known(static status => status.Snapshot?.Age?.TotalSeconds), "s",
            "How long ago the last snapshot was written.");
        meter.CreateObservableGauge(
            "kafkacache.snapshot.size", () => Known(static status => status.Snapshot?.Bytes), "By",
            "The size of the last snapshot's file.");
        meter.CreateObservableGauge(
            "kafkacache.snapshot.duration", () => Known(static status => status.Snapshot?.Duration.TotalSeconds), "s",
            "How long the last snapshot took to write.");
        meter.CreateObservableCounter(
            "kafkacache.snapshots", () => Known(static status => status.Snapshot?.Count), "{snapshot}",
            "Snapshots written.");
        meter.CreateObservableCounter(
            "kafkacache.snapshot.failures", () => Known(static status => status.Snapshot?.Failures), "{snapshot}",
            "Snapshots that could not be written.");
        meter.CreateObservableCounter(
            "kafkacache.snapshot.aborted", () => Known(static status => status.Snapshot?.Aborted), "{snapshot}",
            "Snapshots abandoned because the entries changed too fast or the store was replaced.");

        meter.CreateObservableCounter(
            "kafkacache.records.applied", () => PerCache(static status => status.RecordsApplied), "{record}",
            "Records applied, including tombstones and skipped records.");
        meter.CreateObservableCounter(
            "kafkacache.applied", () => PerCache(static status => status.BytesApplied), "By", "Keys and values of the records applied.");
        meter.CreateObservableCounter(
            "kafkacache.entries.expired", () => PerCache(static status => status.ExpiredEntries), "{entry}",
            "Entries swept from memory after their time to live.");
        meter.CreateObservableCounter(
            "kafkacache.entries.evicted", () => PerCache(static status => status.EvictedEntries), "{entry}",
            "Entries that a full store has evicted.");
        meter.CreateObservableCounter("kafkacache.record.errors", RecordErrors, "{record}", "Records that could not be used.");
        meter.CreateObservableCounter("kafkacache.reads", Reads, "{read}", "Reads of a key.");
        meter.CreateObservableCounter(
            "kafkacache.rebuilds", () => PerCache(static status => status.Rebuilds), "{rebuild}",
            "Replays that began again because the log had changed or tombstones may have been missed.");
        meter.CreateObservableCounter(
            "kafkacache.consumer.recreations", () => PerCache(static status => status.ConsumerRecreations), "{recreation}",
            "Consumers that were opened to replace another.");
        meter.CreateObservableCounter(
            "kafkacache.clients.left_behind", () => PerCache(static status => status.ClientsLeftBehind), "{client}",
            "Kafka clients that did not end within seconds of being closed and were left behind.");

        PutDuration = meter.CreateHistogram(
            "kafkacache.put.duration", "s", "From a put's hand-over to the producer until its outcome was known.", tags: null, Seconds);
        ApplyWaitDuration = meter.CreateHistogram(
            "kafkacache.apply_wait.duration", "s", "How long callers waited until a position was applied.", tags: null, Seconds);
    }

    public Histogram<double> PutDuration { get; }

    public Histogram<double> ApplyWaitDuration { get; }

    public static CacheMetrics For(IMeterFactory? factory) => Sets.For(factory);

    /// <summary>Includes a cache in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string name, string topic, Func<CacheStatus> status, ReadCounts reads) =>
        _caches.Add(new ObservedCache(new CacheTags(name, topic), status, reads));

    private static bool IsReady(CachePhase phase) => phase is CachePhase.Ready or CachePhase.Stale or CachePhase.Rebuilding;

    private IEnumerable<Measurement<T>> PerCache<T>(Func<CacheStatus, T> value)
        where T : struct
    {
        foreach (var cache in _caches.All)
            yield return new Measurement<T>(value(cache.Status()), cache.Tags.OfCache);
    }

    private IEnumerable<Measurement<T>> PerPartition<T>(Func<PartitionStatus, T> value)
        where T : struct
    {
        foreach (var cache in _caches.All)
        {
            foreach (var partition in cache.Status().Partitions)
                yield return new Measurement<T>(value(partition), cache.Tags.OfPartition(partition.Partition));
        }
    }

    private IEnumerable<Measurement<long>> PerIndex(Func<IndexStatus, long> value)
    {
        foreach (var cache in _caches.All)
        {
            foreach (var index in cache.Status().Indexes)
                yield return new Measurement<long>(value(index), cache.Tags.With("index", index.Name));
        }
    }

    private IEnumerable<Measurement<int>> Starts()
    {
        foreach (var cache in _caches.All)
        {
            if (cache.Status() is not { Snapshot: not null, Start: { } start })
                continue;
            var reason = TagValues<ColdStartReason>.Of(start.Reason);
            yield return new Measurement<int>(1, [.. cache.Tags.With("kind", start.IsWarm ? "warm" : "cold"), new("reason", reason)]);
        }
    }

    // A cache has no time series for what it does not do, such as writing snapshots.
    private IEnumerable<Measurement<T>> Known<T>(Func<CacheStatus, T?> value)
        where T : struct
    {
        foreach (var cache in _caches.All)
        {
            if (value(cache.Status()) is { } known)
                yield return new Measurement<T>(known, cache.Tags.OfCache);
        }
    }

    private IEnumerable<Measurement<int>> Phases()
    {
        foreach (var cache in _caches.All)
        {
            var current = cache.Status().Phase;
            foreach (var phase in TagValues<CachePhase>.All)
                yield return new Measurement<int>(phase == current ? 1 : 0, cache.Tags.With("phase", TagValues<CachePhase>.Of(phase)));
        }
    }

    // Every reason is reported from the start, with the value 0. If a time series began with the first error, a rate over it would not show
    // that error.
    private IEnumerable<Measurement<long>> RecordErrors()
    {
        foreach (var cache in _caches.All)
        {
            var errors = cache.Status().RecordErrorsByReason;
            foreach (var reason in TagValues<RecordErrorReason>.All)
                yield return new Measurement<long>(
                    errors.GetValueOrDefault(reason), cache.Tags.With("reason", TagValues<RecordErrorReason>.Of(reason)));
        }
    }

    private IEnumerable<Measurement<long>> Reads()
    {
        foreach (var cache in _caches.All)
        {
            var reads = cache.Reads.Totals;
            yield return new Measurement<long>(reads.Hits, cache.Tags.With("result", "hit"));
            yield return new Measurement<long>(reads.Misses, cache.Tags.With("result", "miss"));
            yield return new Measurement<long>(reads.Refused, cache.Tags.With("result", "refused"));
        }
    }

    private sealed record ObservedCache(CacheTags Tags, Func<CacheStatus> Status, ReadCounts Reads);
}
