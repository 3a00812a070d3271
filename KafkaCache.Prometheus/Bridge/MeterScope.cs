using System.Diagnostics.Metrics;
using System.Numerics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Listens to the library's meters that one factory has created, or to the process's own meter if there is no factory.</summary>
internal sealed class MeterScope : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ILogger _logger;

    public MeterScope(IMeterFactory? meterFactory, Func<Instrument, MetricFamily?> familyOf, ILogger logger)
    {
        MeterFactory = meterFactory;
        _logger = logger;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (LibraryMeters.Have(instrument)
                && ReferenceEquals(instrument.Meter.Scope, meterFactory) && familyOf(instrument) is { } family)
                listener.EnableMeasurementEvents(instrument, family);
        };
        Record<int>();
        Record<long>();
        Record<double>();
        _listener.Start();
    }

    public IMeterFactory? MeterFactory { get; }

    /// <summary>The number of registrations that use this scope.</summary>
    public int Registrations { get; set; }

    /// <returns>Whether all instruments could be observed.</returns>
    public bool Observe()
    {
        try
        {
            _listener.RecordObservableInstruments();
            return true;
        }
        catch (AggregateException exception)
        {
            // The listener polls all instruments and collects the exceptions of their callbacks, so the other instruments have been
            // observed.
            Log.MetricUnread(_logger, exception);
            return false;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Record<T>()
        where T : struct, INumber<T> =>
        _listener.SetMeasurementEventCallback<T>(
            static (_, measurement, tags, family) => ((MetricFamily)family!).Record(double.CreateChecked(measurement), tags));
}
