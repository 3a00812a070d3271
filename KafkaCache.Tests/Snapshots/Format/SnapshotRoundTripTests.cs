using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots.Format;

/// <summary>Loading a snapshot restores exactly the entries that were written.</summary>
public sealed class SnapshotRoundTripTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Random _random = new(unchecked((int)TestSeed.Next()));

    private string File => Path.Combine(_directory.Path, "a.snapshot");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Entries_of_every_kind_come_back()
    {
        for (var round = 0; round < 5; round++)
        {
            using var store = SampleStore.Of(_random);
            SnapshotFileTesting.Write(File, store, SampleStore.Positions);

            using var loaded = SnapshotFileTesting.Load(File);

            Assert.Equal(SnapshotFileTesting.ContentOf(store), SnapshotFileTesting.ContentOf(loaded));
            Assert.Equal(store.Count, loaded.Count);
        }
    }

    [Fact]
    public void Entries_overwritten_meanwhile_come_back_as_they_were()
    {
        using var store = SampleStore.Of(_random);
        var content = SnapshotFileTesting.ContentOf(store);
        var offset = SampleStore.Positions[0];
        SnapshotFileTesting.Write(File, store, SampleStore.Positions, group =>
        {
            for (var i = 0; i < 20 && group < 20; i++)
                SampleStore.Write(store, offset++, _random);
        });

        using var snapshot = SnapshotReader.Open(File);
        Assert.Contains(snapshot.Frames, static frame => frame.FirstBucket == SnapshotFrame.Unordered);
        using var loaded = SnapshotFileTesting.Load(snapshot);
        Assert.Equal(content, SnapshotFileTesting.ContentOf(loaded));
        Assert.NotEqual(content, SnapshotFileTesting.ContentOf(store));
    }

    // A store that evicts is nearly always full. Another one of the same size may have less room, because of a larger index or because the
    // entries are in another order.
    [Theory]
    [InlineData(100)]
    [InlineData(3_000)]
    public void Snapshot_of_a_full_store_that_evicts_is_loaded_into_another_one(int length)
    {
        const int spared = 100;
        var settings = new StoreSettings(16 << 20, null, 1_000, "store-tests")
        {
            Evicts = true, NeverEvictPrefixes = [StoreTesting.Key(0).AsMemory(0, 11)],
        };
        using var store = new FasterStateStore(settings);
        var offset = 0;
        for (var snapshots = 0; snapshots < 12; snapshots++)
        {
            // At each snapshot, the store's pages are filled to another degree.
            for (var end = offset + (100_000 / length); offset < end || !store.HasEvicted; offset++)
                store.Set(StoreTesting.Key(offset), StoreTesting.At(offset), StoreTesting.Describing(offset, length));
            SnapshotFileTesting.Write(File, store, [offset], _ =>
            {
                store.Set(StoreTesting.Key(offset), StoreTesting.At(offset), StoreTesting.Describing(offset, length));
                offset++;
            });
            using var snapshot = SnapshotReader.Open(File);

            var removals = new RemovalCounts();
            using var loaded = new FasterStateStore(settings with { ExpectedEntries = snapshot.Description.Entries, Removals = removals });
            SnapshotLoader.Load(snapshot, loaded, claims: null, new LoadProgress());
            Assert.Equal(snapshot.Description.Entries, loaded.Count + removals.Evicted);
            Assert.InRange(loaded.Count, snapshot.Description.Entries * 3 / 4, snapshot.Description.Entries);
            for (var key = 0; key < spared; key++)
                StoreTesting.AssertStands(loaded, key, key, length);
        }
    }

    [Fact]
    public void Empty_store_comes_back_empty()
    {
        using var store = StoreTesting.NewStore();
        SnapshotFileTesting.Write(File, store, [0]);
        using var loaded = SnapshotFileTesting.Load(File);
        Assert.Equal((0, 0), (loaded.Count, SnapshotFileTesting.ContentOf(loaded).Length));
    }

    [Fact]
    public void Description_comes_back()
    {
        using var store = SampleStore.Of(_random);
        SnapshotFileTesting.Write(File, store, [1_200, 1_300, 1_400]);
        using var snapshot = SnapshotReader.Open(File);

        var expected = SnapshotFileTesting.Description(1_200, 1_300, 1_400) with
        {
            Entries = SnapshotFileTesting.ContentOf(store).Length, Buckets = snapshot.Description.Buckets,
        };
        Assert.Equal(expected.Partitions, snapshot.Description.Partitions);
        Assert.Equal(expected with { Partitions = [] }, snapshot.Description with { Partitions = [] });
        Assert.Equal(new FileInfo(File).Length, snapshot.Bytes);
    }

    [Fact]
    public void Retention_that_was_not_known_is_not_known_again()
    {
        using var stream = new MemoryStream();
        var footer = SnapshotFormat.Footer(SnapshotFileTesting.Description(5) with { DeleteRetention = null, Buckets = 16 }, []);
        Assert.Null(SnapshotFormat.ReadFooter(footer).Description.DeleteRetention);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void What_is_said_about_the_entries_comes_back(bool hasKeysInTwoPartitions, bool lacksEvictedEntries)
    {
        var footer = SnapshotFormat.Footer(
            SnapshotFileTesting.Description(5) with
            {
                Buckets = 16, HasKeysInTwoPartitions = hasKeysInTwoPartitions, LacksEvictedEntries = lacksEvictedEntries,
            },
            []);
        var read = SnapshotFormat.ReadFooter(footer).Description;
        Assert.Equal((hasKeysInTwoPartitions, lacksEvictedEntries), (read.HasKeysInTwoPartitions, read.LacksEvictedEntries));
    }

    // All claims of a resolver's records are in such frames. If each frame looked for the next ordered one, this would take minutes.
    [Fact]
    public async Task Two_hundred_thousand_unordered_frames_in_a_row_are_read_in_seconds()
    {
        using var store = StoreTesting.NewStore();
        store.Set(StoreTesting.Key(1), StoreTesting.At(0), []);
        SnapshotFileTesting.Write(File, store, [1]);
        SnapshotRewriting.Rewrite(File, change: static frames => [.. Enumerable.Repeat(frames[0], 200_000)]);
        using var snapshot = SnapshotReader.Open(File);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var pace = new WritePace(long.MaxValue, TimeProvider.System, stopping.Token);
        var reading = Task.Run(() => SnapshotLoader.Verify(snapshot, pace), TestContext.Current.CancellationToken);
        try
        {
            await reading.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        }
        finally
        {
            await stopping.CancelAsync();
            await ((Task)reading).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    [Fact]
    public void Frames_hold_whole_groups_and_no_more_than_they_should_unless_an_entry_is_larger()
    {
        using var store = SampleStore.Of(_random);
        store.Replace(StoreTesting.Key(1), StoreTesting.At(0), StoreTesting.Describing(0, SampleStore.MaxValueLength));
        SnapshotFileTesting.Write(File, store, SampleStore.Positions);
        using var snapshot = SnapshotReader.Open(File);

        Assert.True(snapshot.Frames.Count > 2, $"{snapshot.Frames.Count} frames");
        Assert.Contains(snapshot.Frames, static frame => frame.Bytes > 256 << 10);
        Assert.Equal(
            snapshot.Frames.Select(static frame => frame.FirstBucket).Order(), snapshot.Frames.Select(static frame => frame.FirstBucket));
        Assert.Equal(snapshot.Description.Entries, snapshot.Frames.Sum(static frame => (long)frame.Entries));
    }
}
