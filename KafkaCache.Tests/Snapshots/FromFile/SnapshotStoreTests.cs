using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Snapshots.FromFile;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Histories.InMemory;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Tests.Store;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Snapshots.FromFile;

/// <summary>Compares a store that serves a snapshot from its file with a store that has loaded the whole snapshot and receives the same
/// writes.</summary>
public sealed class SnapshotStoreTests : IDisposable
{
    private const int Keys = 1_300; // Some of the keys are not in the snapshot.
    private const int Partitions = SampleStore.Partitions;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualResetEventSlim _mayLoad = new();
    private readonly CancellationTokenSource _stopping = new();

    private string FilePath => Path.Combine(_directory.Path, "users.snapshot");

    public void Dispose()
    {
        _mayLoad.Set();
        _stopping.Dispose();
        _mayLoad.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_reads_as_the_loaded_store_does_and_ends_as_that_does(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"Seed {seed}.");
        var random = new Random(seed);
        WriteSample(random);
        using var whole = SnapshotFileTesting.Load(FilePath);
        using var store = Open();
        store.BeginLoad();
        var offset = SampleStore.Positions[0];
        for (var step = 0; step < 3_000; step++)
        {
            var key = Key(random);

            // The partition depends on the key. For most keys it differs from the partition in the snapshot.
            Write(random, key, partition: (int)(KeyHash.Of(key) % Partitions), offset++, store, whole);
            AssertReadsAlike(store, whole, Key(random));
        }

        Assert.Null(store.TryTakeOver());
        _mayLoad.Set();
        for (var step = 0; step < 1_000; step++)
            Write(random, Key(random), random.Next(Partitions), offset++, store, whole);
        Assert.NotNull(store.LoadDuration);
        Assert.True(store.KeysSeenInTwoPartitions > 0);
        Assert.Equal(SnapshotFileTesting.ContentOf(whole), SnapshotFileTesting.ContentOf(store));
        Assert.Equal(whole.Count, store.Count);
    }

    [Fact]
    public void Entries_that_were_saved_before_they_were_overwritten_are_found()
    {
        var random = new Random(5);
        using (var source = SampleStore.Of(random))
        {
            // Changes entries after each group, some of which belong to groups not written yet.
            var offset = SampleStore.Positions[0];
            SnapshotFileTesting.Write(FilePath, source, SampleStore.Positions, _ => SampleStore.Write(source, offset++, random));
        }

        using (var snapshot = SnapshotReader.Open(FilePath))
            Assert.Contains(snapshot.Frames, static frame => frame.FirstBucket == SnapshotFrame.Unordered);
        using var whole = SnapshotFileTesting.Load(FilePath);
        using var store = Open();
        for (var number = 0; number < Keys; number++)
            AssertReadsAlike(store, whole, number == 0 ? [] : StoreTesting.Key(number));
    }

    [Fact]
    public void File_of_large_entries_does_not_serve()
    {
        using var source = StoreTesting.NewStore();
        for (var i = 0; i < 1_000; i++)
            source.Set(StoreTesting.Key(i), StoreTesting.At(i), StoreTesting.Describing(i, 500));
        SnapshotFileTesting.Write(FilePath, source, SampleStore.Positions);
        using (var small = SnapshotReader.Open(FilePath))
            Assert.True(FileEntries.CanFindIn(small));

        source.Set(StoreTesting.Key(7), StoreTesting.At(1_001), StoreTesting.Describing(1_001, 300_000));
        SnapshotFileTesting.Write(FilePath, source, SampleStore.Positions);
        using var large = SnapshotReader.Open(FilePath);
        Assert.False(FileEntries.CanFindIn(large));
    }

    [Fact]
    public async Task Readers_notice_nothing_when_the_store_takes_over()
    {
        WriteSample(new Random(6));
        using var whole = SnapshotFileTesting.Load(FilePath);
        _mayLoad.Set();

        // Repeats the test because a read is rarely about to read the file at the moment the file is closed.
        for (var round = 0; round < 60; round++)
        {
            using var store = Open();
            store.BeginLoad();
            using var ended = new CancellationTokenSource();
            var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() => ReadUntil(ended, store, whole, new Random(seed)))).ToArray();
            store.TakeOver();
            await ended.CancelAsync();
            await Task.WhenAll(readers);
        }
    }

    [Fact]
    public async Task What_depends_on_the_entry_before_waits_for_the_load()
    {
        WriteSample(new Random(7));
        using var store = Open();
        store.BeginLoad();
        store.Set(StoreTesting.Key(1), StoreTesting.At(5_000, partition: 0, timestamp: 1), "zero"u8);
        var writing = Task.Run(() => store.Set(StoreTesting.Key(1), StoreTesting.At(6_000, partition: 1, timestamp: 2), "one"u8));
        Assert.Null(store.LoadDuration);
        _mayLoad.Set();
        Assert.Equal(WriteResult.WasInAnotherPartition, await writing);
        Assert.NotNull(store.LoadDuration);
    }

    [Fact]
    public void Writes_that_exceed_their_room_wait_for_the_load_and_none_is_lost()
    {
        WriteSample(new Random(8));
        using var store = Open(maxBytes: 10_000);
        _mayLoad.Set();
        for (var i = 0; i < 200; i++)
            store.Set(StoreTesting.Key(10_000 + i), StoreTesting.At(5_000 + i), StoreTesting.Describing(i, 100));
        Assert.NotNull(store.LoadDuration);
        for (var i = 0; i < 200; i++)
        {
            using var stored = store.Read(StoreTesting.Key(10_000 + i));
            Assert.True(StoreTesting.IsWhole(stored.Value, i));
        }
    }

    [Fact]
    public void A_damaged_part_is_reported_and_nothing_else_is_lost()
    {
        WriteSample(new Random(9));
        using var whole = SnapshotFileTesting.Load(FilePath);
        int damaged;
        using (var snapshot = SnapshotReader.Open(FilePath))
            damaged = (int)snapshot.Frames[snapshot.Frames.Count / 2].At;
        var bytes = File.ReadAllBytes(FilePath);
        bytes[damaged] ^= 1;
        File.WriteAllBytes(FilePath, bytes);

        using var store = Open();
        var (told, read) = (0, 0);
        for (var number = 1; number < Keys; number++)
        {
            try
            {
                AssertReadsAlike(store, whole, StoreTesting.Key(number));
                read++;
            }
            catch (CacheNotReadyException)
            {
                told++;
            }
        }

        Assert.True(told > 0 && read > told, $"{told} were told, {read} were read.");
        _mayLoad.Set();
        Assert.Equal(ColdStartReason.Damaged, Assert.Throws<SnapshotException>(store.TakeOver).Reason);
        Assert.Throws<CacheNotReadyException>(() => store.Scan());
    }

    [Fact]
    public async Task Whoever_needs_all_entries_has_them_loaded()
    {
        WriteSample(new Random(12));
        using var store = Open();
        Assert.Null(store.TryTakeOver());
        var over = new TaskCompletionSource();
        store.OnLoadEnded = over.SetResult;
        var scan = Blocking.RunAsync(() => store.Scan().Dispose()); // Not on the writer's thread.
        _mayLoad.Set();
        await over.Task;
        Assert.NotNull(store.TryTakeOver());
        await scan;
    }

    [Fact]
    public async Task Whoever_waits_is_released_when_the_store_ends()
    {
        WriteSample(new Random(10));
        var store = Open();
        store.BeginLoad();
        var scan = Task.Run(() => store.Scan().Dispose(), TestContext.Current.CancellationToken);
        var writing = Task.Run(() => store.Replace("k"u8, StoreTesting.At(5_000), "v"u8), TestContext.Current.CancellationToken);
        await _stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        store.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => scan);
        Assert.Throws<ObjectDisposedException>(() => store.Read(StoreTesting.Key(1)).Dispose());
    }

    [Fact]
    public void A_load_that_does_not_get_on_is_given_up()
    {
        var time = new FakeTimeProvider();
        WriteSample(new Random(11));
        using var store = Open(time: time);
        store.BeginLoad();
        Assert.Null(store.TryTakeOver());
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Null(store.TryTakeOver());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ColdStartReason.TimedOut, Assert.Throws<SnapshotException>(() => store.TryTakeOver()).Reason);
    }

    private static void ReadUntil(CancellationTokenSource ended, SnapshotStore store, FasterStateStore whole, Random random)
    {
        while (!ended.IsCancellationRequested)
            AssertReadsAlike(store, whole, Key(random));
    }

    private static byte[] Key(Random random)
    {
        var number = random.Next(Keys);
        return number == 0 ? [] : StoreTesting.Key(number);
    }

    private static void Write(Random random, byte[] key, int partition, long offset, params IStateStore[] stores)
    {
        var metadata = new EntryMetadata(partition, offset, TimestampMs: random.Next(2 * Keys), (byte)(random.Next(8) == 0 ? 1 : 0));
        var content = StoreTesting.Describing(offset, random.Next(200));
        var removes = random.Next(4) == 0;
        foreach (var store in stores)
        {
            if (removes)
                store.Remove(key, metadata with { Quarantine = 0 });
            else
                store.Set(key, metadata, content);
        }
    }

    private static void AssertReadsAlike(SnapshotStore store, FasterStateStore expected, byte[] key)
    {
        using var read = store.Read(key);
        using var right = expected.Read(key);
        Assert.Equal((right.Found, right.Metadata), (read.Found, read.Metadata));
        Assert.True(right.Content.SequenceEqual(read.Content));
    }

    private void WriteSample(Random random)
    {
        using var source = SampleStore.Of(random);
        SnapshotFileTesting.Write(FilePath, source, SampleStore.Positions);
    }

    private SnapshotStore Open(long maxBytes = 1 << 30, TimeProvider? time = null) => new(
        SnapshotReader.Open(FilePath), new WatchedStore(StoreTesting.NewStore(), _ => _mayLoad.Wait(TestContext.Current.CancellationToken)),
        new LoadProgress(), maxBytes, time ?? TimeProvider.System, _stopping.Token);
}
