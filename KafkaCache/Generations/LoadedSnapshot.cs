using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Generations;

/// <summary>A snapshot whose entries are all either in a store or still in the snapshot's file.</summary>
/// <param name="Description">The description that the snapshot contains.</param>
/// <param name="Bytes">The size of its file.</param>
/// <param name="Entries">The store and its indexes.</param>
/// <param name="Elapsed">How long loading has taken so far.</param>
internal sealed record LoadedSnapshot(SnapshotDescription Description, long Bytes, StartEntries Entries, TimeSpan Elapsed)
{
    /// <summary>The age of the snapshot at the time when the brokers had answered. Everything that was written longer ago than this is in
    /// the snapshot.</summary>
    public TimeSpan Age { get; init; }
}
