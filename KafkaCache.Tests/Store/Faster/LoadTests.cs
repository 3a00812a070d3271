using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Faster;

/// <summary>A loaded store behaves like one whose entries were written.</summary>
public sealed class LoadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Loaded_store_reads_counts_and_scans_what_was_loaded(int lanes)
    {
        const int keys = 50_000;
        using var store = NewStore(64 * MiB, expected: keys);
        Load(store, lanes, [.. Enumerable.Range(0, keys).Select(static i => (Key(i), At(i), Describing(i, i % 300)))]);

        Assert.Equal(keys, store.Count);
        for (var i = 0; i < keys; i++)
            AssertStands(store, i, i, i % 300);
        Assert.Equal(keys, ScanKeys(store).Count);
        AssertAbsent(store, keys);
    }

    [Fact]
    public void Loaded_store_takes_writes_in_place_beyond_and_copies_forward_as_another()
    {
        const int keys = 2_000;
        using var store = NewStore(MiB, expected: keys);
        Load(store, 2, [.. Enumerable.Range(0, keys).Select(static i => (Key(i), At(i), Describing(i, 100)))]);
        var bytes = store.MemoryBytes;

        for (var round = 1; round <= 20; round++)
        {
            for (var i = 0; i < keys; i++)
            {
                var offset = (round * keys) + i;
                store.Set(Key(i), At(offset), Describing(offset, 50 + ((round * 13) % 100)));
            }
        }

        Assert.Equal(keys, store.Count);
        Assert.True(store.CopyForwardBytes > 0);
        Assert.InRange(store.MemoryBytes, bytes, MiB + (32 << 10));
        for (var i = 0; i < keys; i++)
            AssertStands(store, i, (20 * keys) + i, 50 + (260 % 100));
    }

    [Fact]
    public void Loaded_entries_expire_and_are_swept()
    {
        var time = new FakeTimeProvider();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var store = new FasterStateStore(new StoreSettings(64 * MiB, null, 1000, "store-tests") { Time = time });
        Load(store, 1, [.. Enumerable.Range(0, 1000).Select(i => (
            Key(i),
            new EntryMetadata(0, i, now, Deadline: i % 2 == 0 ? Deadline.Of(now, 60_000) : default),
            Describing(i, 10)))]);
        Assert.Equal(1000, store.Count);

        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((500, 500), (store.Count, store.ExpiredCount));
        store.Sweep(TimeSpan.FromMinutes(1));
        Assert.Equal((500, 0), (store.Count, store.ExpiredCount));
        Assert.Equal(500, ScanKeys(store).Count);
    }

    [Fact]
    public void Quarantined_entries_are_loaded_and_do_not_count()
    {
        using var store = NewStore();
        Load(store, 1, [(Key(1), At(1, quarantine: 3), []), (Key(2), At(2), Describing(2, 5))]);

        Assert.Equal(1, store.Count);
        using var quarantined = store.Read(Key(1));
        Assert.Equal(3, quarantined.Metadata.Quarantine);
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused_also_where_its_bucket_is_full()
    {
        using var store = new FasterStateStore(new StoreSettings(64 * MiB, null, ExpectedEntries: 1, "store-tests"));
        var lane = store.BeginLoad()!.BeginLane();
        for (var i = 0; i < 5_000; i++)
            Assert.True(Add(lane, Key(i), At(i), Describing(i, 10)));
        for (var i = 0; i < 5_000; i++)
            Assert.False(Add(lane, Key(i), At(i), Describing(i, 10)));
    }

    [Fact]
    public void Load_that_exceeds_the_budget_is_refused()
    {
        using var store = NewStore(MiB);
        var lane = store.BeginLoad()!.BeginLane();
        Assert.Throws<StoreFullException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
                Add(lane, Key(i), At(i), Describing(i, 100));
        });
    }

    [Fact]
    public void Entry_that_is_too_large_is_refused()
    {
        using var store = NewStore();
        var lane = store.BeginLoad()!.BeginLane();
        Assert.Throws<EntryTooLargeException>(() => Add(lane, Key(1), At(1), new byte[store.MaxEntryBytes]));
    }

    [Fact]
    public void Empty_load_leaves_an_empty_store_that_works()
    {
        using var store = NewStore();
        Load(store, 2, []);
        Assert.Equal(0, store.Count);
        store.Set(Key(1), At(1), Describing(1, 10));
        AssertStands(store, 1, 1, 10);
    }

    // A record of 64 KiB: 15 of them fit on the first page, and exactly 16 on each further page.
    [Theory]
    [InlineData(15)]
    [InlineData(31)]
    [InlineData(47)]
    public void Loaded_store_takes_writes_where_the_load_ends_with_a_page(int entries)
    {
        const int length = (64 << 10) - 52;
        Assert.Equal(64 << 10, EntryLayout.RecordBytes(Key(0).Length, EntryLayout.TightCapacity(length)));
        using var store = NewStore();
        Load(store, 1, [.. Enumerable.Range(0, entries).Select(static i => (Key(i), At(i), Describing(i, length)))]);
        for (var i = entries; i < entries + 20; i++)
            store.Set(Key(i), At(i), Describing(i, length));
        for (var i = 0; i < entries + 20; i++)
            AssertStands(store, i, i, length);
        Assert.Equal(entries + 20, ScanKeys(store).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Entry_as_large_as_a_page_can_be_loaded_first(int entries)
    {
        using var store = NewStore();
        var length = store.MaxEntryBytes - 12;
        Load(store, 1, [.. Enumerable.Range(0, entries).Select(i => (Key(i), At(i), Describing(i, length)))]);
        for (var i = entries; i < entries + 3; i++)
            store.Set(Key(i), At(i), Describing(i, length));
        for (var i = 0; i < entries + 3; i++)
            AssertStands(store, i, i, length);
        Assert.Equal(entries + 3, ScanKeys(store).Count);
    }

    [Fact]
    public void Store_that_has_been_written_or_spills_is_not_loaded()
    {
        using var written = NewStore();
        written.Set(Key(1), At(1), []);
        Assert.Null(written.BeginLoad());
        using var directory = new TemporaryDirectory();
        using var spilling = NewStore(spill: directory.Path);
        Assert.Null(spilling.BeginLoad());
    }

    private static void Load(FasterStateStore store, int lanes, (byte[] Key, EntryMetadata Metadata, byte[] Content)[] entries)
    {
        var load = store.BeginLoad()!;
        Assert.True(load.CanSplit(lanes));
        var threads = Enumerable.Range(0, lanes).Select(lane => Task.Run(() =>
        {
            var own = load.BeginLane();
            foreach (var (key, metadata, content) in entries)
            {
                if ((int)(KeyHash.Of(key) % (ulong)lanes) == lane) // The lowest bits select the bucket.
                    Assert.True(Add(own, key, metadata, content));
            }

            own.End();
        }));
        Task.WhenAll(threads).GetAwaiter().GetResult();
        load.End();
    }

    private static bool Add(IEntryLane lane, byte[] key, in EntryMetadata metadata, byte[] content) =>
        lane.Add(KeyHash.Of(key), key, metadata, content);
}
