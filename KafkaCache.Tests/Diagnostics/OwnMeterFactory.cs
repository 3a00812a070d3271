using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>A meter factory of one test, so that its meters contain no measurements of other tests.</summary>
internal sealed class OwnMeterFactory : IMeterFactory
{
    private readonly ConcurrentBag<Meter> _meters = [];

    public int Created => _meters.Count;

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (var meter in _meters)
            meter.Dispose();
    }
}
