namespace KafkaCaching.Replay.Claims;

/// <summary>The change that a record makes to its record key: the latest head before it, the record's own head, and the latest head after
/// it.</summary>
internal readonly record struct HeadChange(Head? Before, Head Next, Head After)
{
    /// <summary>Whether the entries change. They don't if the record is older than the head of another partition.</summary>
    public bool IsVisible => After != Before;

    public bool CrossesPartitions => Before is not null && Before.Partition != Next.Partition;

    /// <summary>Computes the change. The next head always replaces the head of its own partition, because within a partition, the order of
    /// the log decides. Between heads of different partitions, the timestamp decides, and then the partition.</summary>
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
