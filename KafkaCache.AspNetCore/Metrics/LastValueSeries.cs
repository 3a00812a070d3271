using System.Diagnostics.Metrics;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Gauges, and all that is observed: the last value stands. The label sets are kept from scrape to scrape, so that each is rendered to a string once.</summary>
internal sealed class LastValueSeries : InstrumentSeries
{
    private readonly bool _isObserved;
    private readonly Dictionary<string, LastValue> _values;
    private readonly Dictionary<string, LastValue>.AlternateLookup<ReadOnlySpan<char>> _valueOf;
    private long _poll;

    public LastValueSeries(Instrument instrument, string type)
        : base(instrument, type)
    {
        _isObserved = instrument.IsObservable;
        _values = new Dictionary<string, LastValue>(StringComparer.Ordinal);
        _valueOf = _values.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override void Record(double measurement, ReadOnlySpan<char> labels)
    {
        lock (Lock)
        {
            if (!_valueOf.TryGetValue(labels, out var value))
                _valueOf[labels] = value = new LastValue();
            value.Number = measurement;
            value.Poll = _poll;
        }
    }

    public override void BeforePoll()
    {
        if (!_isObserved)
            return;
        lock (Lock)
            _poll++;
    }

    public override void CopyTo(ICollection<MetricSample> samples)
    {
        lock (Lock)
        {
            foreach (var (labels, value) in _values)
            {
                if (value.Poll == _poll)
                    samples.Add(new MetricSample("", labels, value.Number));
                else
                    _values.Remove(labels);
            }
        }
    }

    private sealed class LastValue
    {
        public double Number { get; set; }

        public long Poll { get; set; }
    }
}
