using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>One series of the registry.</summary>
internal abstract class MetricSeries(ChildBase child)
{
    public CacheLabels Cache { get; set; }

    /// <summary>Whether it has been measured since the last poll began.</summary>
    public bool IsRecent { get; set; }

    public abstract void Record(double measurement);

    /// <summary>Called once a poll, after all has been observed.</summary>
    public virtual void Show()
    {
    }

    public void Remove() => child.Remove();
}

/// <summary>The last value stands.</summary>
internal sealed class GaugeSeries(Gauge.Child gauge) : MetricSeries(gauge)
{
    public override void Record(double measurement) => gauge.Set(measurement);
}

/// <summary>What is observed is a total; of two in one poll the later stands. A total below the last one has begun again at 0, as it does
/// when a cache is made again under its name: the counter goes on from where it was. It has no exemplar, which would be the trace of the
/// scrape.</summary>
internal sealed class CounterSeries(Counter.Child counter) : MetricSeries(counter)
{
    private double _observed;
    private double _last;
    private double _total;

    public override void Record(double measurement) => _observed = measurement;

    public override void Show()
    {
        _total += _observed >= _last ? _observed - _last : _observed;
        _last = _observed;
        counter.IncTo(_total);
    }
}

internal sealed class HistogramSeries(Histogram.Child histogram) : MetricSeries(histogram)
{
    public override void Record(double measurement) => histogram.Observe(measurement);
}
