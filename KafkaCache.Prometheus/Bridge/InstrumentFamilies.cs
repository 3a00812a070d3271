using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Creates the metric that fits the kind of an instrument.</summary>
internal sealed class InstrumentFamilies(CollectorRegistry registry)
{
    // A series is not exported before its first value. Otherwise, a scrape that is written during the poll could show 0.
    private static readonly GaugeConfiguration OfGauges = new() { SuppressInitialValue = true };
    private static readonly CounterConfiguration OfCounters = new() { SuppressInitialValue = true };

    private readonly MetricFactory _metrics = Metrics.WithCustomRegistry(registry);

    /// <summary>The metric, or <see langword="null"/> for a kind of instrument that the library doesn't use. The library's only push
    /// instruments are histograms of durations; all others are observable and are polled.</summary>
    public MetricFamily? Of(Instrument instrument, ILogger logger)
    {
        var name = PrometheusNames.Of(instrument.Name, instrument.Unit);
        var help = instrument.Description ?? "";
        if (IsOf(instrument, typeof(ObservableGauge<>)))
            return new MetricFamily(
                name, "gauge", isPushed: false,
                (labels, values) => new GaugeSeries(_metrics.CreateGauge(name, help, labels, OfGauges).WithLabels(values)), logger);
        if (IsOf(instrument, typeof(ObservableCounter<>)))
            return Counter(PrometheusNames.OfCounter(instrument.Name, instrument.Unit), help, logger);
        return instrument is Histogram<double> histogram ? Histogram(name, help, histogram.Advice, logger) : null;
    }

    private static bool IsOf(Instrument instrument, Type kind) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == kind;

    private MetricFamily Counter(string name, string help, ILogger logger) =>
        new(
            name, "counter", isPushed: false,
            (labels, values) => new CounterSeries(_metrics.CreateCounter(name, help, labels, OfCounters).WithLabels(values)), logger);

    private MetricFamily Histogram(string name, string help, InstrumentAdvice<double>? advice, ILogger logger)
    {
        var configuration = new HistogramConfiguration
        {
            SuppressInitialValue = true, Buckets = advice?.HistogramBucketBoundaries?.ToArray(),
        };
        return new MetricFamily(
            name, "histogram", isPushed: true,
            (labels, values) => new HistogramSeries(_metrics.CreateHistogram(name, help, labels, configuration).WithLabels(values)),
            logger);
    }
}
