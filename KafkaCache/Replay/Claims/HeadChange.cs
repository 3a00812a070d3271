namespace KafkaCaching.Replay.Claims;

/// <summary>What a record changes for its record key: which head was the latest, which is the record's own, and which is the latest with it.</summary>
internal readonly record struct HeadChange(Head? Before, Head Next, Head After)
{
    /// <summary>Whether another record speaks for the record key now; not where the record is older than what stands in another partition.</summary>
    public bool IsVisible => After != Before;

    public bool CrossesPartitions => Before is not null && Before.Partition != Next.Partition;

    /// <summary>The latest head among those of the other partitions and the next one, which takes the place of the head of its own partition: within a
    /// partition the log's order decides, whatever the timestamps say.</summary>
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
