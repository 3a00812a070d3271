using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Faster;

/// <summary>The index grows with a topic that is small at first and becomes large.</summary>
public sealed class IndexGrowthTests
{
    private const int Keys = 200_000;

    [Fact]
    public async Task A_store_created_for_one_entry_holds_many_with_short_chains_while_readers_continue()
    {
        using var store = new FasterStateStore(new StoreSettings(64 * MiB, null, ExpectedEntries: 1, "store-tests"));
        var written = 0;
        using var done = new CancellationTokenSource();
        var reader = Task.Run(
            () =>
            {
                var random = new Random(1);
                while (!done.IsCancellationRequested)
                {
                    if (Volatile.Read(ref written) is > 0 and var there)
                        AssertStandsAt(store, random.Next(there));
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < Keys; i++)
        {
            store.Prefetch(Key(i + 8));
            store.Set(Key(i), At(i), Describing(i, 40));
            Volatile.Write(ref written, i + 1);
        }

        await done.CancelAsync();
        await reader;
        for (var i = 0; i < Keys; i++)
            AssertStands(store, i, i, 40);
        Assert.Equal(Keys, ScanKeys(store).Count);
        Assert.True(store.KeysPerBucket <= 24, $"{store.KeysPerBucket} keys a bucket");
        Assert.True(store.MemoryBytes <= 64 * MiB);
    }

    [Fact]
    public void The_index_of_a_spilling_store_grows_too()
    {
        using var directory = new TemporaryDirectory();
        using var store = new FasterStateStore(new StoreSettings(4 * MiB, directory.Path, ExpectedEntries: 1, "store-tests"));
        for (var i = 0; i < Keys; i++)
            store.Set(Key(i), At(i), Describing(i, 100));
        for (var i = 0; i < Keys; i += 7)
            AssertStands(store, i, i, 100);
        Assert.Equal(Keys, store.Count);
    }

    private static void AssertStandsAt(FasterStateStore store, long key) => AssertStands(store, key, key, 40);
}
