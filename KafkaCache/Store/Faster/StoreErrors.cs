using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Memory;

namespace KafkaCaching.Store.Faster;

/// <summary>Creates the exceptions for entries that a store can't hold. Each says what to change.</summary>
internal static class StoreErrors
{
    public static NotSupportedException OutOfRange(in EntryMetadata metadata) => new(
        $"An entry of partition {metadata.Partition}, offset {metadata.Offset} can't be stored: the store allows partitions up to "
        + $"{EntryLayout.MaxPartition} and offsets up to {EntryLayout.MaxOffset}.");

    public static EntryTooLargeException TooLarge(int keyLength, int contentLength, in StoreGeometry geometry) => new(
        $"An entry of {keyLength + (long)contentLength:N0} bytes is over the {geometry.MaxEntryBytes:N0} that Store.MaxEntryBytes allows "
        + $"(now {geometry.MaxRecordBytes:N0}, including the {EntryLayout.MaxOverheadBytes} that the store adds). Raise it, to at most 256 "
        + "MiB and an eighth of Store.MemoryBudget.");

    public static StoreFullException Full(StoreSettings settings, long entries) => new(
        $"The store of '{settings.Name}' is full with {entries:N0} entries. Raise Store.MemoryBudget (now {settings.MemoryBudget:N0} "
        + "bytes), or set Store.SpillDirectory.");
}
