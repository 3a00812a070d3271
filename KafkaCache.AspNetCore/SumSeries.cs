using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace KafkaCaching.AspNetCore;

/// <summary>Counters: measurements are differences, the sum stands.</summary>
internal sealed class SumSeries(Instrument instrument, string type) : InstrumentSeries(instrument, type)
{
    private readonly Dictionary<string, double> _sums = new(StringComparer.Ordinal);

    public override void Record(double measurement, string labels)
    {
        lock (Lock)
            CollectionsMarshal.GetValueRefOrAddDefault(_sums, labels, out _) += measurement;
    }

    public override void CopyTo(ICollection<MetricSample> samples)
    {
        lock (Lock)
        {
            foreach (var (labels, sum) in _sums)
                samples.Add(new MetricSample("", labels, sum));
        }
    }
}
