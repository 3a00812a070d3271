namespace KafkaCaching.Store;

/// <summary>What a store is made for. <paramref name="ExpectedEntries"/> is an upper bound by which the index is sized; no entry is to take more than
/// <paramref name="MaxEntryBytes"/> of log.</summary>
internal sealed record StoreSettings(long MemoryBudget, string? SpillDirectory, long ExpectedEntries, string Name, long? MaxEntryBytes = null);
