using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Collects the measurements of the meter in one scope. Observable instruments are read by the constructor and by each
/// <see cref="Again"/>; the measurements of other instruments are collected when they are recorded.</summary>
internal sealed class MeterScrape : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<Seen> _observed = [];
    private readonly ConcurrentQueue<Seen> _pushed = [];

    public MeterScrape(object? scope, string meter = "KafkaCache")
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == meter && instrument.Meter.Scope == scope)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
        Again();
    }

    public int Count => _observed.Count;

    public IEnumerable<string> Instruments => _observed.Select(static seen => seen.Instrument).Distinct();

    public IEnumerable<object?> Caches => _observed.Select(static seen => seen.Tags.GetValueOrDefault("cache"));

    public IEnumerable<object?> Topics => _observed.Select(static seen => seen.Tags.GetValueOrDefault("topic"));

    public MeterScrape Again()
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        return this;
    }

    public IEnumerable<string> TagNames(string instrument) => _observed.First(seen => seen.Instrument == instrument).Tags.Keys.Order();

    public IEnumerable<object?> TagValues(string instrument, string tag) =>
        _observed.Where(seen => seen.Instrument == instrument).Select(seen => seen.Tags[tag]);

    public double Value(string instrument, string cache, string topic, int? partition = null) => Assert.Single(
        _observed,
        seen =>
            seen.Instrument == instrument
                && Equals(seen.Tags.GetValueOrDefault("cache"), cache) && Equals(seen.Tags.GetValueOrDefault("topic"), topic)
            && Equals(seen.Tags.GetValueOrDefault("partition"), partition)).Value;

    public double Sum(string instrument, string cache) =>
        _observed.Where(seen => seen.Instrument == instrument && Equals(seen.Tags.GetValueOrDefault("cache"), cache))
            .Sum(static seen => seen.Value);

    public double Tagged(string instrument, string tag, string value) =>
        _observed.Concat(_pushed)
            .Where(seen => seen.Instrument == instrument && Equals(seen.Tags[tag], value))
            .Sum(static seen => seen.Value);

    public int CountOf(string instrument, string outcome) =>
        _pushed.Count(seen => seen.Instrument == instrument && Equals(seen.Tags["outcome"], outcome));

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var seen = new Seen(instrument.Name, value, tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value));
        if (instrument.IsObservable)
            _observed.Add(seen);
        else
            _pushed.Enqueue(seen);
    }

    private sealed record Seen(string Instrument, double Value, Dictionary<string, object?> Tags);
}
