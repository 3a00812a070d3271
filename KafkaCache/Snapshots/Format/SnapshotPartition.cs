using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.Format;

/// <summary>One partition at the time of a snapshot.</summary>
/// <param name="Position">The position. All entries from this partition have lower offsets.</param>
/// <param name="ResumeAt">The offset at which reading continues: the one after the last record, and at most the position. The offsets
/// between the two hold no record that a cache applies, but may hold, for example, a transaction marker.</param>
/// <param name="LeaderEpoch">The leader epoch of the record before <paramref name="ResumeAt"/>, or -1 if there is none.</param>
/// <param name="LogStart">The last known log start offset.</param>
/// <param name="TimestampMs">The timestamp of the last record, in Unix milliseconds, or -1.</param>
internal readonly record struct SnapshotPartition(long Position, long ResumeAt, int LeaderEpoch, long LogStart, long TimestampMs)
{
    public const int NoEpoch = -1;

    public bool IsPossible =>
        LogStart >= 0 && ResumeAt >= LogStart && Position >= ResumeAt && Position <= EntryLayout.MaxOffset + 1 && LeaderEpoch >= NoEpoch
        && (LeaderEpoch == NoEpoch || ResumeAt > 0);
}
