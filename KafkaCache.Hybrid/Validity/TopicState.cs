namespace KafkaCaching.Hybrid.Validity;

/// <summary>The topic as the serving generation of the cache sees it. Every change creates a new instance.</summary>
/// <param name="TopicId">The topic's ID; empty if the brokers give none.</param>
/// <param name="LogStarts">For each partition, the log start at which its replay began.</param>
/// <param name="Rebuilds">The number of rebuilds of the cache.</param>
internal sealed record TopicState(string TopicId, long[] LogStarts, long Rebuilds)
{
    public static readonly TopicState Unknown = new("", [], -1);

    public static TopicState Of(CacheStatus status)
    {
        var partitions = status.Partitions;
        var starts = new long[partitions.Count];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = partitions[i].LogStart;
        return new TopicState(status.TopicId ?? "", starts, status.Rebuilds);
    }

    public bool IsSameAs(TopicState other) =>
        TopicId == other.TopicId && Rebuilds == other.Rebuilds && LogStarts.AsSpan().SequenceEqual(other.LogStarts);

    /// <summary>Whether the captured positions are of this log, and none lies below the log start at which this process began to read. A
    /// mark between such a position and the log start may have been deleted before this process could read it.</summary>
    public bool Covers(AsOf asOf)
    {
        if (asOf.TopicId != TopicId)
            return false;
        for (var i = 0; i < LogStarts.Length; i++)
        {
            // Nothing had been applied of a partition that was added after the capture, so its position is 0.
            var position = i < asOf.Positions.Length ? asOf.Positions[i] : 0;
            if (position < LogStarts[i])
                return false;
        }

        return true;
    }
}
