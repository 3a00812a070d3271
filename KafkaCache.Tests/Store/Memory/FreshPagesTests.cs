using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;
using KafkaCaching.Tests.Processes;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Memory;

/// <summary>Measures the physical memory that stores for small topics use. Runs alone because it measures the memory of the whole
/// process.</summary>
[Collection(nameof(FreshPagesTests))]
public sealed class FreshPagesTests
{
    private const int Stores = 25;
    private const long Budget = 1L << 30;

    [Fact]
    public void Small_stores_take_little_memory_and_hold_what_is_written_to_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is counted, and given back, as Linux does.");
        // Frees the memory of earlier tests first; freed during the measurement, it would distort the result.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var before = ResidentMemory.Now;
        var stores = Enumerable.Range(0, Stores)
            .Select(static i => new FasterStateStore(new StoreSettings(Budget, SpillDirectory: null, ExpectedEntries: 100, $"{i}")))
            .ToList();
        foreach (var store in stores)
        {
            for (var key = 0; key < 100; key++)
                store.Set(Key(key), At(key), Describing(key, 100));
        }

        // If each store cleared its two pages, it would use 8 MiB.
        Assert.InRange((ResidentMemory.Now - before) >> 20, long.MinValue, Stores * 3);
        foreach (var store in stores)
        {
            for (var key = 0; key < 100; key++)
                AssertStands(store, key, key, 100);
            store.Dispose();
        }
    }

    [Fact]
    public void A_store_that_was_expected_to_be_small_grows_as_any_other()
    {
        using var store = new FasterStateStore(new StoreSettings(Budget, SpillDirectory: null, ExpectedEntries: 1, "grows"));
        const int keys = 20_000;
        for (var key = 0; key < keys; key++)
            store.Set(Key(key), At(key), Describing(key, 1_000));
        Assert.Equal(keys, store.Count);
        for (var key = 0; key < keys; key++)
            AssertStands(store, key, key, 1_000);
    }
}

/// <summary>Disables running in parallel with other tests.</summary>
[CollectionDefinition(nameof(FreshPagesTests), DisableParallelization = true)]
public sealed class FreshPagesAlone;
