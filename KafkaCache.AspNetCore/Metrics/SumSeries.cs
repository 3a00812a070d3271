using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Counters: measurements are differences, the sum stands.</summary>
internal sealed class SumSeries : InstrumentSeries
{
    private readonly Dictionary<string, double> _sums;
    private readonly Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> _sumOf;

    public SumSeries(Instrument instrument, string type)
        : base(instrument, type)
    {
        _sums = new Dictionary<string, double>(StringComparer.Ordinal);
        _sumOf = _sums.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override void Record(double measurement, ReadOnlySpan<char> labels)
    {
        lock (Lock)
            CollectionsMarshal.GetValueRefOrAddDefault(_sumOf, labels, out _) += measurement;
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
