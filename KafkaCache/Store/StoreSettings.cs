using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store;

/// <summary>What a store is made for. <paramref name="ExpectedEntries"/> is an upper bound by which the index is sized; no entry is to take
/// more than <paramref name="MaxEntryBytes"/> of log.</summary>
internal sealed record StoreSettings(
    long MemoryBudget, string? SpillDirectory, long ExpectedEntries, string Name, long? MaxEntryBytes = null)
{
    // A record of a few dozen bytes of key and value, with what the store adds.
    private const int SmallRecordBytes = 128;

    /// <summary>Whether so many bytes are likely to be written soon.</summary>
    public bool IsExpectedToFill(long bytes) => ExpectedEntries * SmallRecordBytes >= bytes;
}
