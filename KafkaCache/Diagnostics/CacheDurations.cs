using System.Diagnostics.Metrics;

namespace KafkaCaching.Diagnostics;

/// <summary>What one cache's puts and waits take: pushed, since a duration can't be polled. Costs two looks at the clock where nobody
/// listens.</summary>
internal sealed class CacheDurations
{
    private readonly Lazy<CacheMetrics> _metrics;
    private readonly TimeProvider _time;
    private readonly ListenerFaults _listenerFaults;
    private readonly Dictionary<PutOutcome, KeyValuePair<string, object?>[]> _putTags;
    private readonly Dictionary<WaitOutcome, KeyValuePair<string, object?>[]> _waitTags;

    /// <param name="meterFactory">Asked at the first measurement: a cache begins its replay before its metrics are set up.</param>
    /// <param name="name">The cache's name.</param>
    /// <param name="topic">Its topic.</param>
    /// <param name="time">The clock.</param>
    /// <param name="listenerFaults">Where what listeners throw is told.</param>
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
