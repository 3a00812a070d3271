using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>One series of the registry.</summary>
internal abstract class MetricSeries(ChildBase child)
{
    public CacheLabels Cache { get; set; }

    /// <summary>Whether the series has been measured since the last poll began.</summary>
    public bool IsRecent { get; set; }

    public abstract void Record(double measurement);

    /// <summary>Called once per poll, after everything has been observed.</summary>
    public virtual void Show()
    {
    }

    public void Remove() => child.Remove();
}

/// <summary>A series that shows the last value.</summary>
internal sealed class GaugeSeries(Gauge.Child gauge) : MetricSeries(gauge)
{
    public override void Record(double measurement) => gauge.Set(measurement);
}

/// <summary>A series of observed totals. If a poll observes two totals, the later one is exported. A total below the previous one means
/// that counting has started again at 0, for example because a cache of the same name was created again; the counter then continues from
/// its own value. Increments have no exemplar, because it would refer to the trace of the scrape.</summary>
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
