namespace KafkaCaching.Store;

/// <summary>The settings of a store. <paramref name="ExpectedEntries"/> is an upper bound that determines the size of the index. No entry
/// may take more than <paramref name="MaxEntryBytes"/> in the log.</summary>
internal sealed record StoreSettings(
    long MemoryBudget, string? SpillDirectory, long ExpectedEntries, string Name, long? MaxEntryBytes = null)
{
    /// <summary>Whether a full store evicts entries. Only a store in memory can do so.</summary>
    public bool Evicts { get; init; }

    /// <summary>The first bytes of the keys whose entries are never evicted.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NeverEvictPrefixes { get; init; } = [];

    /// <summary>The clock that deadlines are compared with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public RemovalCounts Removals { get; init; } = new();

    // The size of a record whose key and value have a few dozen bytes, including the store's overhead.
    private const int SmallRecordBytes = 128;

    /// <summary>Whether at least this many bytes are likely to be written soon.</summary>
    public bool IsExpectedToFill(long bytes) => ExpectedEntries * SmallRecordBytes >= bytes;
}
