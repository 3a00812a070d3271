namespace KafkaCaching.Store;

/// <summary>Has the store's code compiled once in a process, on another thread, while the brokers are asked. Else the first records of a replay, or the
/// only ones of a small topic, wait for it.</summary>
internal static class StoreWarmUp
{
    private const int Budget = 1 << 20;
    private static int _begun;

    /// <summary>Any thread. Returns at once.</summary>
    public static void Begin()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Run(), state: null);
    }

    private static void Run()
    {
        try
        {
            UseOnce();
        }
        catch (Exception)
        {
            // Here it would be the process's end. The cache's own store meets the same, and faults the cache by it.
        }
    }

    private static void UseOnce()
    {
        using var store = new FasterStateStore(new StoreSettings(Budget, SpillDirectory: null, ExpectedEntries: 1, "warm-up"));
        var metadata = new EntryMetadata(Partition: 0, Offset: 0, TimestampMs: 0);
        store.Prefetch("key"u8);
        store.Set("key"u8, metadata, "value"u8);
        store.Set("key"u8, metadata, "value"u8);
        store.Read("key"u8).Dispose();
        store.Remove("key"u8, metadata);
    }
}
