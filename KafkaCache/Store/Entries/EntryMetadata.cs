namespace KafkaCaching.Store.Entries;

/// <summary>Where an entry came from. <paramref name="Quarantine"/> is 0 for a good entry, else one more than the
/// <see cref="RecordErrorReason"/> of the record that spoilt it.</summary>
internal readonly record struct EntryMetadata(int Partition, long Offset, long TimestampMs, byte Quarantine = 0)
{
    public bool IsQuarantined => Quarantine != 0;

    /// <summary>Whether this entry takes the place of <paramref name="previous"/>. Within a partition the log's order decides. A key in two
    /// partitions (growth, mixed partitioners) has no order, so time decides, then the partition, and every instance decides
    /// alike.</summary>
    public bool Supersedes(in EntryMetadata previous) =>
        Partition == previous.Partition
        || TimestampMs > previous.TimestampMs
        || (TimestampMs == previous.TimestampMs && Partition > previous.Partition);
}
