using System.Diagnostics.Metrics;

namespace KafkaCaching.AspNetCore;

/// <summary>Histograms: cumulative buckets, a sum and a count.</summary>
internal sealed class HistogramSeries(Instrument instrument) : InstrumentSeries(instrument, "histogram")
{
    private static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
    private static readonly double[] DefaultBoundsInSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly double[] _bounds = BoundsOf(instrument);
    private readonly Dictionary<string, Distribution> _distributions = new(StringComparer.Ordinal);

    public override void Record(double measurement, string labels)
    {
        var bucket = Array.FindIndex(_bounds, bound => measurement <= bound);
        lock (Lock)
        {
            if (!_distributions.TryGetValue(labels, out var distribution))
                _distributions.Add(labels, distribution = new Distribution(_bounds.Length + 1));
            distribution.Counts[bucket < 0 ? _bounds.Length : bucket]++;
            distribution.Sum += measurement;
        }
    }

    public override void CopyTo(ICollection<MetricSample> samples)
    {
        lock (Lock)
        {
            foreach (var (labels, distribution) in _distributions)
                CopyTo(samples, labels, distribution);
        }
    }

    private void CopyTo(ICollection<MetricSample> samples, string labels, Distribution distribution)
    {
        var cumulative = 0L;
        for (var i = 0; i < distribution.Counts.Length; i++)
        {
            cumulative += distribution.Counts[i];
            var bound = i < _bounds.Length ? _bounds[i] : double.PositiveInfinity;
            samples.Add(new MetricSample("_bucket", PrometheusRenderer.WithLabel(labels, "le", PrometheusRenderer.Number(bound)), cumulative));
        }

        samples.Add(new MetricSample("_sum", labels, distribution.Sum));
        samples.Add(new MetricSample("_count", labels, cumulative));
    }

    private static double[] BoundsOf(Instrument instrument) =>
        AdvisedBounds(instrument) is { Length: > 0 } advised ? advised
        : instrument.Unit is "s" ? DefaultBoundsInSeconds
        : DefaultBounds;

    private static double[]? AdvisedBounds(Instrument instrument) => instrument switch
    {
        Histogram<double> h => h.Advice?.HistogramBucketBoundaries?.ToArray(),
        Histogram<float> h => h.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        _ => null,
    };

    private sealed class Distribution(int buckets)
    {
        public long[] Counts { get; } = new long[buckets];

        public double Sum { get; set; }
    }
}
