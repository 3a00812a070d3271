using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Generations;

/// <summary>A snapshot whose entries are all in a store, or in its file.</summary>
/// <param name="Description">What the snapshot says of itself.</param>
/// <param name="Bytes">The size of its file.</param>
/// <param name="Entries">The store, and its indexes.</param>
/// <param name="Elapsed">How long that took so far.</param>
internal sealed record LoadedSnapshot(SnapshotDescription Description, long Bytes, StartEntries Entries, TimeSpan Elapsed)
{
    /// <summary>How old it was when the brokers had answered: everything written before that long ago is in it.</summary>
    public TimeSpan Age { get; init; }
}
