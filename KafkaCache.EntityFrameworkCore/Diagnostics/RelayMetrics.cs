using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.EntityFrameworkCore.ChangeStreams;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>The instruments of all relays of one meter factory. All of them are observable. The tags are the cache and the
/// source.</summary>
internal sealed class RelayMetrics
{
    private static readonly PerMeterFactory<RelayMetrics> Sets = new(KafkaEfCache.MeterName, static meter => new RelayMetrics(meter));

    private readonly ObservedSet<Observed> _relays = new();

    private RelayMetrics(Meter meter)
    {
        meter.CreateObservableGauge(
            "kafkacache.relay.reading", () => Each(static counts => counts.IsReading ? 1 : 0), unit: null,
            "1 if this instance is the one that reads the change stream, otherwise 0.");
        meter.CreateObservableGauge(
            "kafkacache.relay.lag", Lags, "s", "How long a change takes from the database until its invalidation is acknowledged.");
        meter.CreateObservableGauge(
            "kafkacache.relay.lag_size", LagSizes, "By", "How much of the database's log is not acknowledged yet.");
        meter.CreateObservableCounter(
            "kafkacache.relay.changes", () => Each(static counts => counts.Changes), "{change}", "Changes that this instance has read.");
        meter.CreateObservableCounter(
            "kafkacache.relay.marks", () => Each(static counts => counts.Marks), "{mark}",
            "Invalidations that this instance has written for changes.");
        meter.CreateObservableCounter(
            "kafkacache.relay.clears", () => Each(static counts => counts.Clears), "{clear}",
            "Times that everything was invalidated, because the position in the stream was new or lost.");
        meter.CreateObservableCounter(
            "kafkacache.relay.failures", () => Each(static counts => counts.Failures), "{failure}",
            "Times that the stream could not be read, or its invalidations could not be written.");
    }

    public static RelayMetrics For(IMeterFactory? factory) => Sets.For(factory);

    /// <summary>Includes a relay in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string cache, string source, RelayCounts counts) => _relays.Add(new Observed(cache, source, counts));

    private IEnumerable<Measurement<long>> Each(Func<RelayCounts, long> value)
    {
        foreach (var relay in _relays.All)
            yield return new Measurement<long>(value(relay.Counts), relay.Tags);
    }

    private IEnumerable<Measurement<long>> LagSizes()
    {
        foreach (var relay in _relays.All)
        {
            if (relay.Counts.Lag is not null)
                yield return new Measurement<long>(relay.Counts.LagBytes, relay.Tags);
        }
    }

    private IEnumerable<Measurement<double>> Lags()
    {
        foreach (var relay in _relays.All)
        {
            if (relay.Counts.Lag is { } lag)
                yield return new Measurement<double>(lag.TotalSeconds, relay.Tags);
        }
    }

    private sealed class Observed(string cache, string source, RelayCounts counts)
    {
        public RelayCounts Counts => counts;

        public KeyValuePair<string, object?>[] Tags { get; } = [new("cache", cache), new("source", source)];
    }
}
