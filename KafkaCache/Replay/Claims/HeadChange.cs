namespace KafkaCaching.Replay.Claims;

/// <summary>What a record changes for its record key: the head that was the latest, the record's own, and the one that is the latest
/// now.</summary>
internal readonly record struct HeadChange(Head? Before, Head Next, Head After)
{
    /// <summary>Whether the entries change: not where the record is older than the head of another partition.</summary>
    public bool IsVisible => After != Before;

    public bool CrossesPartitions => Before is not null && Before.Partition != Next.Partition;

    /// <summary>The next head takes the place of its own partition's, whatever the timestamps say: within a partition the log's order
    /// decides. Between it and the heads of other partitions time decides, then the partition.</summary>
    public static HeadChange Of(Head? before, Head next)
    {
        var after = next;
        for (var head = before; head is not null; head = head.Older)
        {
            if (head.Partition != next.Partition && head.Supersedes(after))
                after = head;
        }

        return new HeadChange(before, next, after);
    }
}
