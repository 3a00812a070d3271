using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Eviction;

public sealed class EvictionTests
{
    private readonly RemovalCounts _removals = new();

    [Fact]
    public void A_full_store_gives_up_its_oldest_entries_and_takes_every_new_one()
    {
        using var store = NewStore(2 * MiB);
        for (var i = 0; i < 100_000; i++)
        {
            store.Set(Key(i), At(i), Describing(i, 100));
            AssertStands(store, i, i, 100);
        }

        Assert.Equal(100_000, store.Count + _removals.Evicted);
        Assert.InRange(store.Count, 5_000, 20_000);
        Assert.True(store.MemoryBytes <= 2 * MiB);
        AssertAbsent(store, 0);
        Assert.Equal(store.Count, ScanKeys(store).Count);
    }

    [Fact]
    public void Entries_that_are_read_stay_while_those_that_nobody_reads_go()
    {
        using var store = NewStore(4 * MiB);
        const int Hot = 1_000;
        for (var i = 0; i < Hot; i++)
            store.Set(Key(i), At(i), Describing(i, 100));
        for (var i = Hot; i < 300_000; i++)
        {
            store.Set(Key(i), At(i), Describing(i, 100));
            store.Read(Key(i % Hot)).Dispose();
        }

        var stay = Enumerable.Range(0, Hot).Count(i => IsThere(store, i));
        Assert.InRange(stay, Hot * 95 / 100, Hot);
    }

    [Fact]
    public void Nothing_is_evicted_while_what_is_live_takes_little_of_the_budget()
    {
        using var store = NewStore(4 * MiB);
        var random = new Random(1);
        for (var i = 0; i < 300_000; i++)
            store.Set(Key(i % 1_000), At(i), Describing(i, random.Next(20, 600)));
        Assert.Equal((1_000, 0), (store.Count, _removals.Evicted));
    }

    [Fact]
    public void Entries_that_are_never_evicted_stay_and_fill_the_store_until_it_throws()
    {
        using var store = new FasterStateStore(
            new StoreSettings(2 * MiB, null, 10_000, "store-tests") { Evicts = true, NeverEvictPrefixes = [Key(0).AsMemory(0, 8)] });
        static byte[] Other(int number) => [0xFF, .. Key(number)];
        for (var i = 0; i < 1_000; i++)
            store.Set(Key(i), At(i), Describing(i, 100));
        for (var i = 0; i < 50_000; i++)
            store.Set(Other(i), At(i), Describing(i, 100));
        for (var i = 0; i < 1_000; i++)
            AssertStands(store, i, i, 100);
        Assert.Throws<StoreFullException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
                store.Set(Key(i), At(i), Describing(i, 100));
        });
    }

    [Fact]
    public void Values_of_all_sizes_are_what_was_put_or_are_gone()
    {
        var random = new Random((int)TestSeed.Next());
        using var store = NewStore(4 * MiB);
        var latest = new Dictionary<int, (long Offset, int Length)>();
        for (var offset = 0; offset < 100_000; offset++)
        {
            var key = random.Next(20_000);
            if (random.Next(10) == 0)
            {
                store.Remove(Key(key), At(offset));
                latest.Remove(key);
            }
            else
            {
                var length = random.Next(random.Next(20) == 0 ? 20_000 : 300);
                store.Set(Key(key), At(offset), Describing(offset, length));
                latest[key] = (offset, length);
            }

            var read = random.Next(20_000);
            if (IsThere(store, read))
                AssertStands(store, read, latest[read].Offset, latest[read].Length);
        }

        Assert.True(_removals.Evicted > 0);
        Assert.Equal(store.Count, ScanKeys(store).Count);
        Assert.Equal(store.Count, Enumerable.Range(0, 20_000).Count(key => IsThere(store, key)));
    }

    [Fact]
    public async Task A_store_of_64_MiB_serves_its_hottest_tenth_throughout_a_gibibyte_of_puts()
    {
        const int Length = 1_000;
        const int Hot = 5_000; // a tenth of what the store holds
        using var store = NewStore(64 * MiB);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(
            () =>
            {
                var random = new Random(1);
                while (!done.IsCancellationRequested)
                {
                    using var read = store.Read(Key(random.Next(Hot)));
                    Assert.True(!read.Found || IsWhole(read.Value, read.Metadata.Offset));
                }
            },
            TestContext.Current.CancellationToken);
        var random = new Random(2);
        var (hits, reads) = (0, 0);
        for (var offset = 0; offset < 1_000_000; offset++)
        {
            // Follows the cache-aside pattern: puts an entry again after a miss.
            var hot = random.Next(Hot);
            var isHit = IsThere(store, hot);
            store.Set(isHit ? Key(Hot + offset) : Key(hot), At(offset), Describing(offset, Length));
            if (offset < 100_000)
                continue;
            reads++;
            hits += isHit ? 1 : 0;
            Assert.True(store.MemoryBytes <= 66 * MiB, $"{store.MemoryBytes} bytes"); // A reader can delay the release of pages.
        }

        await done.CancelAsync();
        await reader;
        Assert.InRange((double)hits / reads, 0.95, 1);
        Assert.InRange(store.Count, 40_000, 64_000);
    }

    [Theory]
    [InlineData(36)]
    [InlineData(51)]
    [InlineData(70)]
    public async Task Entries_that_leave_much_of_each_page_empty_make_room_too(int percentOfPage)
    {
        const int PageBytes = 1 << 20;
        using var store = NewStore(64 * MiB);
        var length = PageBytes / 100 * percentOfPage;
        var writes = Task.Run(
            () =>
            {
                for (var i = 0; i < 400; i++)
                {
                    store.Set(Key(i), At(i), Describing(i, length));
                    AssertStands(store, i, i, length);
                }
            },
            TestContext.Current.CancellationToken);
        await writes.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(400, store.Count + _removals.Evicted);
        Assert.InRange(store.Count, 50, 200);
    }

    private static bool IsThere(FasterStateStore store, int key)
    {
        using var read = store.Read(Key(key));
        return read.Found;
    }

    private FasterStateStore NewStore(long budget) =>
        new(new StoreSettings(budget, null, 10_000, "store-tests") { Evicts = true, Removals = _removals });
}
