using System.Diagnostics.Metrics;

namespace KafkaCaching.Diagnostics;

/// <summary>The instruments for all leaderships of one meter factory. All of them are observable, and their only tag is the name of the
/// leadership.</summary>
internal sealed class LeadershipMetrics
{
    private const string MeterName = KafkaLeadership.MeterName;

    private static readonly PerMeterFactory<LeadershipMetrics> Sets = new(MeterName, static meter => new LeadershipMetrics(meter));

    private readonly ObservedSet<Observed> _leaderships = new();

    private LeadershipMetrics(Meter meter)
    {
        meter.CreateObservableGauge(
            "kafkacache.leadership.held", () => Each(static one => one.Held()), unit: null,
            "1 if this instance leads, otherwise 0. The sum over all instances is 1.");
        meter.CreateObservableCounter(
            "kafkacache.leadership.terms", () => Each(static one => one.Begun()), "{term}", "Terms that this instance has begun.");
        meter.CreateObservableCounter(
            "kafkacache.leadership.lost", () => Each(static one => one.Lost()), "{term}",
            "Terms that ended because the session ran out or the process was suspended.");
    }

    public static LeadershipMetrics For(IMeterFactory? factory) => Sets.For(factory);

    /// <summary>Includes a leadership in the metrics until the returned object is disposed of.</summary>
    public IDisposable Add(string name, Func<long> held, Func<long> begun, Func<long> lost) =>
        _leaderships.Add(new Observed(name, held, begun, lost));

    // One process may campaign for the same leadership twice. Both campaigns then share one time series.
    private IEnumerable<Measurement<long>> Each(Func<Observed, long> value) => _leaderships.All
        .GroupBy(static one => one.Name, StringComparer.Ordinal)
        .Select(same => new Measurement<long>(same.Sum(value), [new("leadership", same.Key)]));

    private sealed record Observed(string Name, Func<long> Held, Func<long> Begun, Func<long> Lost);
}
