using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Sessions;

public sealed class ReaderSlotsTests
{
    [Fact]
    public void More_reads_at_once_than_there_are_places_all_keep_their_values()
    {
        using var store = NewStore();
        for (var key = 0; key < 1_000; key++)
            store.Set(Key(key), At(key), Describing(key, 50));
        ReadNested(store, 0, Math.Max(8, Environment.ProcessorCount * 4) * 3);
        ReadNested(store, 0, 3);
    }

    /// <summary>A disposed store deletes its file after the last reader has finished, whether that reader began before or during the
    /// disposal.</summary>
    [Fact]
    public async Task Soak_a_store_closed_during_reads_releases_its_file()
    {
        var seed = TestSeed.Next();
        var random = new Random((int)seed);
        using var directory = new TemporaryDirectory();
        for (var round = 0; round < 50; round++)
        {
            var store = NewStore(MiB, directory.Path);
            for (var key = 0; key < 100; key++)
                store.Set(Key(key), At(key), Describing(key, 50));
            using var begun = new CountdownEvent(4);
            var readers = Enumerable.Range(0, 4).Select(
                _ =>
                    Task.Factory.StartNew(
                        () => ReadUntilClosed(store, begun), CancellationToken.None, TaskCreationOptions.LongRunning,
                        TaskScheduler.Default)).ToArray();
            begun.Wait(TestContext.Current.CancellationToken);
            Thread.SpinWait(random.Next(10_000));
            store.Dispose();
            await Task.WhenAll(readers);
            Assert.True(directory.Files.Length == 0, $"seed {seed}, round {round}: the file is still there");
        }
    }

    [Fact]
    public async Task Disposing_twice_takes_the_file_from_nobody()
    {
        using var directory = new TemporaryDirectory();
        var store = NewStore(MiB, directory.Path);
        for (var key = 0; key < 3_000; key++)
            store.Set(Key(key), At(key), Describing(key, 500));
        ScanBesideDisposals(store);

        // A page that is still being written delays the deletion.
        await Eventually.TrueAsync(() => directory.Files.Length == 0);
    }

    private static void ScanBesideDisposals(FasterStateStore store)
    {
        using var scan = store.Scan();
        var other = store.Scan();
        other.Dispose();
        other.Dispose();
        store.Dispose();
        store.Dispose();
        var seen = 0;
        while (scan.MoveNext())
            seen++;
        Assert.Equal(3_000, seen);
    }

    private static void ReadNested(FasterStateStore store, int key, int depth)
    {
        using var entry = store.Read(Key(key));
        if (depth > 0)
            ReadNested(store, key + 1, depth - 1);
        Assert.True(IsWhole(entry.Value, key));
    }

    private static void ReadUntilClosed(FasterStateStore store, CountdownEvent begun)
    {
        var isFirst = true;
        while (true)
        {
            try
            {
                AssertStands(store, 7, 7, 50);
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (isFirst)
                begun.Signal();
            isFirst = false;
        }
    }
}
