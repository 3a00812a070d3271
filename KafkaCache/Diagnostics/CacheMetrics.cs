using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Diagnostics;

/// <summary>The instruments of every cache under one meter factory. All are observable: a scrape polls the caches, and nothing is counted twice.</summary>
internal sealed class CacheMetrics
{
    public const string MeterName = "KafkaCache";

    private static readonly ConditionalWeakTable<IMeterFactory, CacheMetrics> ByFactory = [];
    private static readonly Lazy<CacheMetrics> OfTheProcess = new(static () => new CacheMetrics(new Meter(MeterName)));

    private readonly Lock _gate = new();
    private ObservedCache[] _caches = [];

    private CacheMetrics(Meter meter)
    {
        meter.CreateObservableGauge("kafkacache.lag", () => PerPartition(static partition => partition.Lag), "{record}", "Records between the position and the high watermark.");
        meter.CreateObservableGauge("kafkacache.position", () => PerPartition(static partition => partition.Position), description: "The next offset to apply.");
        meter.CreateObservableGauge("kafkacache.high_watermark", () => PerPartition(static partition => partition.HighWatermark), description: "The high watermark last seen: one past the newest replicated record.");
        meter.CreateObservableGauge("kafkacache.ready", () => PerCache(static status => IsReady(status.Phase) ? 1 : 0), description: "1 when the cache is ready to be read, else 0.");
        meter.CreateObservableGauge("kafkacache.stale", () => PerCache(static status => status.Phase == CachePhase.Stale ? 1 : 0), description: "1 when the brokers have not confirmed for longer than StaleAfter that the replay keeps up with the log, else 0.");
        meter.CreateObservableGauge("kafkacache.entries", () => PerCache(static status => status.Entries), "{entry}", "Readable entries.");
        meter.CreateObservableCounter("kafkacache.records.applied", () => PerCache(static status => status.RecordsApplied), "{record}", "Records applied, tombstones and skipped records included.");
        meter.CreateObservableCounter("kafkacache.record.errors", () => PerCache(static status => status.RecordErrors), "{record}", "Records that could not be used.");
    }

    public static CacheMetrics For(IMeterFactory? factory) => factory is null
        ? OfTheProcess.Value
        : ByFactory.GetValue(factory, static f => new CacheMetrics(f.Create(MeterName)));

    /// <summary>Shows a cache in the metrics until disposed of.</summary>
    public IDisposable Add(string name, string topic, Func<CacheStatus> status)
    {
        var cache = new ObservedCache(this, name, topic, status);
        lock (_gate)
            _caches = [.. _caches, cache];
        return cache;
    }

    private static bool IsReady(CachePhase phase) => phase is CachePhase.Ready or CachePhase.Stale or CachePhase.Rebuilding;

    private IEnumerable<Measurement<long>> PerCache(Func<CacheStatus, long> value)
    {
        foreach (var cache in _caches)
            yield return new Measurement<long>(value(cache.Status()), cache.Tags);
    }

    private IEnumerable<Measurement<long>> PerPartition(Func<PartitionStatus, long> value)
    {
        foreach (var cache in _caches)
        {
            foreach (var partition in cache.Status().Partitions)
                yield return new Measurement<long>(value(partition), [.. cache.Tags, new("partition", partition.Partition)]);
        }
    }

    private sealed class ObservedCache(CacheMetrics owner, string name, string topic, Func<CacheStatus> status) : IDisposable
    {
        public KeyValuePair<string, object?>[] Tags { get; } = [new("cache", name), new("topic", topic)];

        public Func<CacheStatus> Status { get; } = status;

        public void Dispose()
        {
            lock (owner._gate)
                owner._caches = Array.FindAll(owner._caches, cache => cache != this);
        }
    }
}
