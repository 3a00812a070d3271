using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Generations;

/// <summary>A snapshot that has been loaded into a store, or whose entries are served from its file.</summary>
/// <param name="Description">The description that the snapshot contains.</param>
/// <param name="Bytes">The size of the snapshot file.</param>
/// <param name="Entries">The store and its indexes.</param>
/// <param name="Elapsed">How long loading has taken so far.</param>
internal sealed record LoadedSnapshot(SnapshotDescription Description, long Bytes, StartEntries Entries, TimeSpan Elapsed)
{
    /// <summary>The age of the snapshot at the time when the brokers had answered. Everything that was written longer ago than this is in
    /// the snapshot.</summary>
    public TimeSpan Age { get; init; }
}
