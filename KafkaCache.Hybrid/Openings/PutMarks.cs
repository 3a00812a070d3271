using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>Tracks the positions up to which this process has put marks.</summary>
internal sealed class PutMarks(TopicWatch watch)
{
    private readonly Lock _gate = new();
    private TopicState _topic = TopicState.Unknown;
    private long[] _next = [];

    public void Note(CachePosition mark)
    {
        lock (_gate)
        {
            Follow_NeedsLock();
            if (mark.Partition >= _next.Length)
                Array.Resize(ref _next, mark.Partition + 1);
            _next[mark.Partition] = Math.Max(_next[mark.Partition], mark.Offset + 1);
        }
    }

    /// <returns>For each partition, the offset after the last mark; <see langword="null"/> if this process has put none.</returns>
    public AsOf? Positions()
    {
        lock (_gate)
        {
            Follow_NeedsLock();
            return _next.Length == 0 ? null : new AsOf(_topic.TopicId, [.. _next]);
        }
    }

    // The offsets of another topic, or of a log that has been truncated since, can't be compared with those of this one.
    private void Follow_NeedsLock()
    {
        var topic = watch.Refresh();
        if (topic.TopicId != _topic.TopicId || topic.Rebuilds != _topic.Rebuilds)
            _next = [];
        _topic = topic;
    }
}
