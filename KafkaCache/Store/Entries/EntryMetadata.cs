namespace KafkaCaching.Store.Entries;

/// <summary>Where an entry came from. <paramref name="Quarantine"/> is 0 for a good entry. Otherwise it is one more than the
/// <see cref="RecordErrorReason"/> of the record that spoilt the entry.</summary>
internal readonly record struct EntryMetadata(int Partition, long Offset, long TimestampMs, byte Quarantine = 0)
{
    public bool IsQuarantined => Quarantine != 0;

    /// <summary>Whether this entry replaces <paramref name="previous"/>. Within a partition, the log's order decides. A key in two
    /// partitions (after growth, or with mixed partitioners) has no order. Then the time decides, and after it the partition, so that every
    /// instance decides alike.</summary>
    public bool Supersedes(in EntryMetadata previous) =>
        Partition == previous.Partition
        || TimestampMs > previous.TimestampMs
        || (TimestampMs == previous.TimestampMs && Partition > previous.Partition);
}
