using System.Diagnostics.Metrics;

namespace KafkaCaching.Benchmarks.Refreshing;

/// <summary>Reads from the meter how many bytes the refreshes of this process have written.</summary>
internal sealed class WrittenBytes : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _bytes;

    public WrittenBytes()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "kafkacache.refresh.written")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => _bytes = bytes);
        _listener.Start();
    }

    public long Now()
    {
        _listener.RecordObservableInstruments();
        return _bytes;
    }

    public void Dispose() => _listener.Dispose();
}
