using System.Diagnostics.Metrics;

namespace KafkaCaching.AspNetCore;

/// <summary>Gauges, and all that is observed: the last value stands.</summary>
internal sealed class LastValueSeries(Instrument instrument, string type) : InstrumentSeries(instrument, type)
{
    private readonly bool _isObserved = instrument.IsObservable;
    private readonly OrderedDictionary<string, double> _values = new(StringComparer.Ordinal);

    public override void Record(double measurement, string labels)
    {
        lock (Lock)
            _values[labels] = measurement;
    }

    public override void BeforePoll()
    {
        if (!_isObserved)
            return;
        lock (Lock)
            _values.Clear();
    }

    public override void CopyTo(ICollection<MetricSample> samples)
    {
        lock (Lock)
        {
            foreach (var (labels, value) in _values)
                samples.Add(new MetricSample("", labels, value));
        }
    }
}
