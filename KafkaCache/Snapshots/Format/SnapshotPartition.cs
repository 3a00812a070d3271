using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.Format;

/// <summary>One partition at the moment of a snapshot.</summary>
/// <param name="Position">All entries of this partition come from offsets below.</param>
/// <param name="ResumeAt">Where reading goes on: after the last record, at most the position. What lies between the two, such as the marker
/// of a transaction, holds no record.</param>
/// <param name="LeaderEpoch">The leader epoch of the record before <paramref name="ResumeAt"/>, or -1 if there is none.</param>
/// <param name="LogStart">The log start that was last known.</param>
/// <param name="TimestampMs">The timestamp of the last record, in Unix milliseconds, or -1.</param>
internal readonly record struct SnapshotPartition(long Position, long ResumeAt, int LeaderEpoch, long LogStart, long TimestampMs)
{
    public const int NoEpoch = -1;

    public bool IsPossible =>
        LogStart >= 0 && ResumeAt >= LogStart && Position >= ResumeAt && Position <= EntryLayout.MaxOffset + 1 && LeaderEpoch >= NoEpoch
        && (LeaderEpoch == NoEpoch || ResumeAt > 0);
}
