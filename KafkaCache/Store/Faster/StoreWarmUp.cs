using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Faster;

/// <summary>Uses a small store once, so that its code is compiled. Otherwise, the first records of a replay, which may be all records of a
/// small topic, would wait for the JIT compiler.</summary>
internal static class StoreWarmUp
{
    private const int Budget = 1 << 20;

    public static void Run()
    {
        using var store = new FasterStateStore(new StoreSettings(Budget, SpillDirectory: null, ExpectedEntries: 1, "warm-up"));
        var metadata = new EntryMetadata(Partition: 0, Offset: 0, TimestampMs: 0);
        store.Prefetch("key"u8);
        store.Set("key"u8, metadata, "value"u8);
    }
}
