using System.Diagnostics.Metrics;
using System.Globalization;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Histograms: cumulative buckets, a sum and a count.</summary>
internal sealed class HistogramSeries : InstrumentSeries
{
    private static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
    private static readonly double[] DefaultBoundsInSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly double[] _bounds;
    private readonly string[] _boundLabels;
    private readonly Dictionary<string, Distribution> _distributions;
    private readonly Dictionary<string, Distribution>.AlternateLookup<ReadOnlySpan<char>> _distributionOf;

    public HistogramSeries(Instrument instrument)
        : base(instrument, "histogram")
    {
        _bounds = BoundsOf(instrument);
        _boundLabels = [.. _bounds.Select(Label), "le=\"+Inf\""];
        _distributions = new Dictionary<string, Distribution>(StringComparer.Ordinal);
        _distributionOf = _distributions.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override void Record(double measurement, ReadOnlySpan<char> labels)
    {
        var bucket = Bucket(measurement);
        lock (Lock)
        {
            if (!_distributionOf.TryGetValue(labels, out var distribution))
                _distributions.Add(labels.ToString(), distribution = new Distribution(labels.ToString(), _boundLabels));
            distribution.Counts[bucket]++;
            distribution.Sum += measurement;
        }
    }

    public override void CopyTo(ICollection<MetricSample> samples)
    {
        lock (Lock)
        {
            foreach (var distribution in _distributions.Values)
                distribution.CopyTo(samples);
        }
    }

    private static string Label(double bound)
    {
        // As Prometheus itself spells it since version 3, in either format: one bucket is one series, whatever was negotiated.
        var number = bound.ToString(CultureInfo.InvariantCulture);
        return number.AsSpan().ContainsAny('.', 'E') ? $"le=\"{number}\"" : $"le=\"{number}.0\"";
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

    private int Bucket(double measurement)
    {
        for (var i = 0; i < _bounds.Length; i++)
        {
            if (measurement <= _bounds[i])
                return i;
        }

        return _bounds.Length;
    }

    private sealed class Distribution(string labels, string[] boundLabels)
    {
        private readonly string[] _bucketLabels = [.. boundLabels.Select(bound => labels.Length == 0 ? bound : $"{labels},{bound}")];

        public long[] Counts { get; } = new long[boundLabels.Length];

        public double Sum { get; set; }

        public void CopyTo(ICollection<MetricSample> samples)
        {
            var cumulative = 0L;
            for (var i = 0; i < Counts.Length; i++)
            {
                cumulative += Counts[i];
                samples.Add(new MetricSample("_bucket", _bucketLabels[i], cumulative));
            }

            samples.Add(new MetricSample("_sum", labels, Sum));
            samples.Add(new MetricSample("_count", labels, cumulative));
        }
    }
}
