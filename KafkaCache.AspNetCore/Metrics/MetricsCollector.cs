using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>Listens to the meters of the library: keeps what they count and polls what they observe.</summary>
internal sealed class MetricsCollector : IDisposable
{
    public const string MeterName = "KafkaCache";

    private readonly IMeterFactory? _meterFactory;
    private readonly ILogger _logger;
    private readonly MeterListener _listener = new();
    private readonly Lock _pollLock = new();
    private readonly Lock _seriesLock = new();
    private readonly List<InstrumentSeries> _series = [];

    /// <summary>Starts to listen to the process's own meters, and to those of one factory: a process may run several hosts.</summary>
    public MetricsCollector(IMeterFactory? meterFactory, ILogger logger)
    {
        _meterFactory = meterFactory;
        _logger = logger;
        _listener.InstrumentPublished = OnPublished;
        _listener.MeasurementsCompleted = OnCompleted;
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Everything as it stands now, sorted by name. May be called from several threads at once.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        // One poll at a time: a second one would clear what the first has just observed.
        lock (_pollLock)
        {
            var series = SeriesSnapshot();
            foreach (var one in series)
                one.BeforePoll();
            PollObservables();
            return [.. series.GroupBy(one => one.Name, StringComparer.Ordinal).OrderBy(family => family.Key, StringComparer.Ordinal).Select(Family)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private InstrumentSeries[] SeriesSnapshot()
    {
        lock (_seriesLock)
            return [.. _series];
    }

    private void PollObservables()
    {
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            // The listener polls all instruments and gathers what their callbacks threw: the others are good to show.
            Log.MetricUnread(_logger, exception);
        }
    }

    private static MetricFamily Family(IGrouping<string, InstrumentSeries> group)
    {
        InstrumentSeries[] all = [.. group];
        var samples = new List<MetricSample>();
        foreach (var series in all)
            series.CopyTo(samples);
        var first = all[0];
        return new MetricFamily(first.Name, first.Type, first.Unit, first.Help, all.Length == 1 ? samples : Distinct(samples));
    }

    // Two caches of one name, under two meters, give one series twice, which would make Prometheus refuse the whole scrape: the later one stands.
    private static OrderedDictionary<(string Suffix, string Labels), MetricSample>.ValueCollection Distinct(List<MetricSample> samples)
    {
        var distinct = new OrderedDictionary<(string Suffix, string Labels), MetricSample>(samples.Count);
        foreach (var sample in samples)
            distinct[(sample.Suffix, sample.Labels)] = sample;
        return distinct.Values;
    }

    private static void Record(object? state, double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        PrometheusLabels.Record((InstrumentSeries)state!, measurement, tags);

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (!IsOurs(instrument.Meter) || InstrumentSeries.For(instrument) is not { } series)
            return;

        lock (_seriesLock)
        {
            if (_series.Exists(other => IsConflict(other, series)))
            {
                Log.MetricTypeConflict(_logger, series.Name, series.Type);
                return;
            }

            _series.Add(series);
        }

        listener.EnableMeasurementEvents(instrument, series);
    }

    private void OnCompleted(Instrument instrument, object? state)
    {
        lock (_seriesLock)
            _series.Remove((InstrumentSeries)state!);
    }

    private static bool IsConflict(InstrumentSeries one, InstrumentSeries other) =>
        string.Equals(one.Name, other.Name, StringComparison.Ordinal) && !string.Equals(one.Type, other.Type, StringComparison.Ordinal);

    private bool IsOurs(Meter meter) =>
        meter.Name is MeterName && (meter.Scope is null || ReferenceEquals(meter.Scope, _meterFactory));
}
