using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Generations;

/// <summary>A snapshot whose entries are all in a store, or in its file.</summary>
/// <param name="Description">The description that the snapshot contains.</param>
/// <param name="Bytes">The size of its file.</param>
/// <param name="Entries">The store and its indexes.</param>
/// <param name="Elapsed">How long loading has taken so far.</param>
internal sealed record LoadedSnapshot(SnapshotDescription Description, long Bytes, StartEntries Entries, TimeSpan Elapsed)
{
    /// <summary>How old the snapshot was when the brokers had answered. Everything written longer ago than that is in it.</summary>
    public TimeSpan Age { get; init; }
}
