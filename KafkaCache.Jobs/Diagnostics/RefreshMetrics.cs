using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Jobs.Diagnostics;

/// <summary>The instruments of all refreshed caches of one meter factory. All of them are observable. The tags are the cache and the
/// outcome.</summary>
internal sealed class RefreshMetrics
{
    private static readonly PerMeterFactory<RefreshMetrics> Sets = new(KafkaJobs.MeterName, static meter => new RefreshMetrics(meter));

    private readonly ObservedSet<Observed> _caches = new();

    private RefreshMetrics(Meter meter)
    {
        meter.CreateObservableGauge(
            "kafkacache.refresh.version", () => Each(static one => one.Status().Version ?? 0), unit: null,
            "The version that is served; 0 before the first one.");
        meter.CreateObservableGauge(
            "kafkacache.refresh.rows", () => Each(static one => one.Status().Rows), "{row}", "Rows of the version that is served.");
        meter.CreateObservableGauge(
            "kafkacache.refresh.age", Ages, "s", "The age of the version that is served; absent before the first one.");
        meter.CreateObservableGauge(
            "kafkacache.refresh.too_old", () => Each(static one => one.Status().IsTooOld ? 1 : 0), unit: null,
            "1 if the version is older than MaxAge or there is none, otherwise 0.");
        meter.CreateObservableCounter(
            "kafkacache.refresh.refreshes", Outcomes, "{refresh}", "Refreshes that this instance has made, by their outcome.");
        meter.CreateObservableCounter(
            "kafkacache.refresh.written", () => Each(static one => one.Counts.WrittenBytes), "By",
            "Bytes of the rows that this instance has written.");
    }

    public static RefreshMetrics For(IMeterFactory? factory) => Sets.For(factory);

    /// <summary>Includes a cache in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string name, Func<RefreshedCacheStatus> status, RefreshCounts counts) =>
        _caches.Add(new Observed(name, status, counts));

    private IEnumerable<Measurement<long>> Each(Func<Observed, long> value)
    {
        foreach (var cache in _caches.All)
            yield return new Measurement<long>(value(cache), cache.Tags);
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        foreach (var cache in _caches.All)
        {
            if (cache.Status().Age is { } age)
                yield return new Measurement<double>(age.TotalSeconds, cache.Tags);
        }
    }

    private IEnumerable<Measurement<long>> Outcomes()
    {
        foreach (var cache in _caches.All)
        {
            yield return new Measurement<long>(cache.Counts.Succeeded, [.. cache.Tags, new("outcome", "succeeded")]);
            yield return new Measurement<long>(cache.Counts.Failed, [.. cache.Tags, new("outcome", "failed")]);
        }
    }

    private sealed class Observed(string name, Func<RefreshedCacheStatus> status, RefreshCounts counts)
    {
        public Func<RefreshedCacheStatus> Status => status;

        public RefreshCounts Counts => counts;

        public KeyValuePair<string, object?>[] Tags { get; } = [new("cache", name)];
    }
}
