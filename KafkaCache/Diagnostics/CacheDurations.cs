using System.Diagnostics.Metrics;

namespace KafkaCaching.Diagnostics;

/// <summary>Measures how long the puts and the waits of one cache take. The durations are recorded in histograms as they occur, because
/// they can't be observed at scrape time. Without a listener, a measurement only reads the clock once, at its beginning.</summary>
internal sealed class CacheDurations
{
    private readonly Lazy<CacheMetrics> _metrics;
    private readonly TimeProvider _time;
    private readonly ListenerFaults _listenerFaults;
    private readonly Dictionary<PutOutcome, KeyValuePair<string, object?>[]> _putTags;
    private readonly Dictionary<WaitOutcome, KeyValuePair<string, object?>[]> _waitTags;

    /// <param name="meterFactory">The meter factory. It is not used before the first measurement, because a cache begins its replay before
    /// its metrics are set up.</param>
    /// <param name="name">The cache's name.</param>
    /// <param name="topic">The cache's topic.</param>
    /// <param name="time">The clock.</param>
    /// <param name="listenerFaults">Receives the exceptions that listeners throw.</param>
    public CacheDurations(IMeterFactory? meterFactory, string name, string topic, TimeProvider time, ListenerFaults listenerFaults)
    {
        _metrics = new Lazy<CacheMetrics>(() => CacheMetrics.For(meterFactory));
        _time = time;
        _listenerFaults = listenerFaults;
        var tags = new CacheTags(name, topic);
        _putTags = Enum.GetValues<PutOutcome>()
            .ToDictionary(static outcome => outcome, outcome => tags.With("outcome", TagValues<PutOutcome>.Of(outcome)));
        _waitTags = Enum.GetValues<WaitOutcome>()
            .ToDictionary(static outcome => outcome, outcome => tags.With("outcome", TagValues<WaitOutcome>.Of(outcome)));
    }

    public long Begin() => _time.GetTimestamp();

    public void EndPut(long begun, PutOutcome outcome) => Record(_metrics.Value.PutDuration, begun, _putTags[outcome]);

    public void EndWait(long begun, WaitOutcome outcome) => Record(_metrics.Value.ApplyWaitDuration, begun, _waitTags[outcome]);

    private void Record(Histogram<double> histogram, long begun, KeyValuePair<string, object?>[] tags)
    {
        if (!histogram.Enabled)
            return;
        try
        {
            histogram.Record(_time.GetElapsedTime(begun).TotalSeconds, tags);
        }
        catch (Exception thrown)
        {
            _listenerFaults.Note(thrown);
        }
    }
}
