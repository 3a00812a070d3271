using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>The instruments of all hybrid caches of one meter factory. All of them are observable: their values are read from the caches
/// when they are collected. The only tags are the cache, its topic and the outcome.</summary>
internal sealed class HybridMetrics
{
    public const string MeterName = KafkaHybridCache.MeterName;

    private static readonly RequestOutcome[] Outcomes = Enum.GetValues<RequestOutcome>();
    private static readonly string[] OutcomeNames = [.. Outcomes.Select(static outcome => outcome.ToString().ToLowerInvariant())];
    private static readonly PerMeterFactory<HybridMetrics> Sets = new(MeterName, static meter => new HybridMetrics(meter));

    private readonly ObservedSet<Observed> _caches = new();

    private HybridMetrics(Meter meter)
    {
        meter.CreateObservableCounter(
            "kafkacache.hybrid.requests", Requests, "{request}", "Requests for a value, by how they ended.");
        meter.CreateObservableCounter(
            "kafkacache.hybrid.invalidations", () => PerCache(static counts => counts.Invalidations), "{invalidation}",
            "Invalidations that this process has written: of keys, of tags and of everything.");
        meter.CreateObservableCounter(
            "kafkacache.hybrid.failed_puts", () => PerCache(static counts => counts.FailedPuts), "{put}",
            "Writes to the topic that failed or whose outcome is unknown.");
        meter.CreateObservableCounter(
            "kafkacache.hybrid.not_stored", () => PerCache(static counts => counts.NotStored), "{value}",
            "Values that were returned and not stored: too large, not serializable, or invalidated meanwhile.");
    }

    public static HybridMetrics For(IMeterFactory? factory) => Sets.For(factory);

    /// <summary>Shows a cache in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string name, string topic, HybridCounts counts) => _caches.Add(new Observed(name, topic, counts));

    private IEnumerable<Measurement<long>> PerCache(Func<HybridCounts, long> value)
    {
        foreach (var cache in _caches.All)
            yield return new Measurement<long>(value(cache.Counts), cache.Tags);
    }

    private IEnumerable<Measurement<long>> Requests()
    {
        foreach (var cache in _caches.All)
        {
            for (var i = 0; i < Outcomes.Length; i++)
                yield return new Measurement<long>(cache.Counts.Requests.Total(Outcomes[i]), cache.OutcomeTags[i]);
        }
    }

    private sealed class Observed(string name, string topic, HybridCounts counts)
    {
        public HybridCounts Counts => counts;

        public KeyValuePair<string, object?>[] Tags { get; } = [new("cache", name), new("topic", topic)];

        public KeyValuePair<string, object?>[][] OutcomeTags { get; } = [
            .. OutcomeNames.Select(outcome =>
                new KeyValuePair<string, object?>[] { new("cache", name), new("topic", topic), new("outcome", outcome) }),
        ];
    }
}
