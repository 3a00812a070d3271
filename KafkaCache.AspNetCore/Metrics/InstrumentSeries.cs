using System.Diagnostics.Metrics;

namespace KafkaCaching.AspNetCore.Metrics;

/// <summary>What one instrument has measured, per set of labels. Measurements come from any thread.</summary>
internal abstract class InstrumentSeries(Instrument instrument, string type)
{
    public string Name { get; } = PrometheusNames.Of(instrument.Name, instrument.Unit, isCounter: type is "counter");

    public string Type { get; } = type;

    public string Unit { get; } = PrometheusNames.Unit(instrument.Unit);

    public string Help { get; } = string.IsNullOrWhiteSpace(instrument.Description) ? instrument.Name : instrument.Description;

    protected Lock Lock { get; } = new();

    public abstract void Record(double measurement, ReadOnlySpan<char> labels);

    public abstract void CopyTo(ICollection<MetricSample> samples);

    /// <summary>Called before the observable instruments are polled: a series that is no longer observed is no longer shown.</summary>
    public virtual void BeforePoll()
    {
    }

    /// <summary>The series that fits the kind of an instrument; <see langword="null"/> for a kind that Prometheus has no type for.</summary>
    public static InstrumentSeries? For(Instrument instrument)
    {
        var kind = instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : null;
        if (kind == typeof(ObservableGauge<>) || kind == typeof(ObservableUpDownCounter<>))
            return new LastValueSeries(instrument, "gauge");
        if (kind == typeof(ObservableCounter<>))
            return new LastValueSeries(instrument, "counter");
        if (kind == typeof(Gauge<>))
            return new LastValueSeries(instrument, "gauge");
        if (kind == typeof(UpDownCounter<>))
            return new SumSeries(instrument, "gauge");
        if (kind == typeof(Counter<>))
            return new SumSeries(instrument, "counter");
        if (kind == typeof(Histogram<>))
            return new HistogramSeries(instrument);
        return null;
    }
}
