using KafkaCaching.Logs;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots;

/// <summary>Removes from a loaded store the entries whose records the log no longer holds, because a replay would not find them
/// either.</summary>
internal static class DeletedRecords
{
    // The keys of this many entries take up a few megabytes.
    private const int EntriesAtOnce = 10_000;

    /// <returns>The number of entries that were removed.</returns>
    public static long TakeOut(IStateStore store, LogRange[] ranges)
    {
        var deleted = new List<(byte[] Key, EntryMetadata Metadata)>();
        var count = 0L;
        using var scan = store.Scan();
        while (scan.MoveNext())
        {
            if (scan.Metadata.Offset >= ranges[scan.Metadata.Partition].LogStart)
                continue;
            deleted.Add((scan.Key.ToArray(), scan.Metadata));
            count++;
            if (deleted.Count == EntriesAtOnce)
                Remove(deleted, store);
        }

        Remove(deleted, store);
        return count;
    }

    private static void Remove(List<(byte[] Key, EntryMetadata Metadata)> deleted, IStateStore store)
    {
        foreach (var (key, metadata) in deleted)
            store.Remove(key, metadata);
        deleted.Clear();
    }
}
