using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;
using KafkaCaching.Tests.Brokers;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Spill;

public sealed class SpillTests
{
    [Fact]
    public void Keys_past_the_budget_are_all_read_right_and_counted_exactly()
    {
        const int Keys = 20_000;
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path, Keys);
        var stands = new (long Offset, int Length)[Keys];
        for (var key = 0; key < Keys; key++)
        {
            stands[key] = (key, 100 + key % 400);
            Assert.Equal(WriteResult.WasAbsent, store.Set(Key(key), At(key), Describing(key, stands[key].Length)));
        }

        Assert.Equal(Keys, store.Count);
        for (var key = 0; key < Keys; key++) AssertStands(store, key, stands[key].Offset, stands[key].Length);

        for (var key = 0; key < Keys; key += 3)
        {
            stands[key] = (Keys + key, 50 + key % 600);
            Assert.Equal(WriteResult.WasPresent, store.Set(Key(key), At(Keys + key), Describing(Keys + key, stands[key].Length)));
        }

        for (var key = 0; key < Keys; key += 5)
        {
            Assert.Equal(WriteResult.WasPresent, store.Remove(Key(key), At(1)));
            Assert.Equal(WriteResult.WasAbsent, store.Remove(Key(key), At(1)));
        }

        Assert.Equal(WriteResult.WasAbsent, store.Remove(Key(Keys + 1), At(1)));
        Assert.Equal(Keys - Keys / 5, store.Count);
        for (var key = 0; key < Keys; key++)
        {
            if (key % 5 == 0)
                AssertAbsent(store, key);
            else
                AssertStands(store, key, stands[key].Offset, stands[key].Length);
        }

        var scanned = ScanKeys(store);
        Assert.Equal(store.Count, scanned.Count);
        Assert.All(scanned.Values, times => Assert.Equal(1, times));
        Assert.InRange(store.MemoryBytes, 1, MiB + (256 << 10));
    }

    [Fact]
    public void Older_write_from_another_partition_is_refused_for_a_spilled_key()
    {
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path);
        store.Set(Key(-1), At(1, partition: 1, timestamp: 100), [1]);
        for (var key = 0; key < 5000; key++) store.Set(Key(key), At(key), Describing(key, 500));
        Assert.Equal(WriteResult.Refused, store.Set(Key(-1), At(2, partition: 0, timestamp: 100), [2]));
        Assert.Equal(WriteResult.Refused, store.Remove(Key(-1), At(2, partition: 0, timestamp: 100)));
        store.Replace(Key(-1), At(2, partition: 0, timestamp: 99), [3]);
        using (var entry = store.Read(Key(-1))) Assert.Equal(3, entry.Value[0]);
        Assert.Equal(WriteResult.WasInAnotherPartition, store.Set(Key(-1), At(2, partition: 2, timestamp: 100), [2]));
        Assert.Equal(5001, store.Count);
    }

    [Fact]
    public void Many_readers_read_spilled_keys_right_beside_the_writer()
    {
        const int Keys = 5000;
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path, Keys);
        for (var key = 0; key < Keys; key++) store.Set(Key(key), At(key), Describing(key, 300));
        using var stop = new CancellationTokenSource();
        var wrong = 0;
        var readers = Enumerable.Range(0, 4).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                using var entry = store.Read(Key(random.Next(Keys)));
                if (!entry.Found || !IsWhole(entry.Value, entry.Metadata.Offset))
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        readers.ForEach(t => t.Start());
        for (var i = 0; i < 4; i++)
        {
            for (var key = 0; key < Keys; key++) store.Set(Key(key), At(Keys * i + key), Describing(Keys * i + key, 100 + (key + i) % 400));
        }

        stop.Cancel();
        readers.ForEach(t => t.Join());
        Assert.Equal(0, wrong);
        Assert.Equal(Keys, store.Count);
    }

    [Fact]
    public async Task Missing_directory_is_made_and_the_file_goes_with_the_last_reader()
    {
        using var directory = new TemporaryDirectory();
        var below = Path.Combine(directory.Path, "a", "b");
        var store = NewStore(MiB, below);
        var file = Assert.Single(Directory.GetFiles(below));
        for (var key = 0; key < 5000; key++) store.Set(Key(key), At(key), Describing(key, 500));
        LeaveLast(store, file);
        // A page that is still being written delays the deletion.
        await Eventually.TrueAsync(() => !File.Exists(file));
    }

    private static void LeaveLast(FasterStateStore store, string file)
    {
        var entry = store.Read(Key(1));
        var scan = store.Scan();
        store.Dispose();
        Assert.True(IsWhole(entry.Value, 1));
        entry.Dispose();
        Assert.True(File.Exists(file));
        while (scan.MoveNext())
            Assert.True(IsWhole(scan.Value, scan.Metadata.Offset));
        Assert.True(File.Exists(file));
        scan.Dispose();
    }

    [Fact]
    public void File_that_cannot_be_written_stops_the_writer_instead_of_hanging_it()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "read-only");
        File.WriteAllBytes(path, []);
        using var store = new FasterStateStore(new(MiB, directory.Path, 5000, "store-tests"), new SpillFile(path, File.OpenHandle(path)));
        void FillUp()
        {
            for (var key = 0; key < 100_000; key++) store.Set(Key(key), At(key), Describing(key, 500));
        }

        var error = Assert.Throws<IOException>(FillUp);
        Assert.Contains("Store.SpillDirectory", error.Message, StringComparison.Ordinal);
        AssertReadsWholeOrThrows(store, keys: 2000);
        Assert.Throws<IOException>(() => store.Set(Key(0), At(1), []));
    }

    // Entries in memory are read correctly. Reading an entry from the file throws, and never returns a wrong value.
    private static void AssertReadsWholeOrThrows(FasterStateStore store, int keys)
    {
        for (var key = 0; key < keys; key++)
        {
            try
            {
                using var entry = store.Read(Key(key));
                Assert.True(!entry.Found || IsWhole(entry.Value, key));
            }
            catch (IOException failed)
            {
                Assert.Contains("Store.SpillDirectory", failed.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Two_stores_of_one_name_share_a_directory()
    {
        using var directory = new TemporaryDirectory();
        using var first = NewStore(MiB, directory.Path);
        for (var key = 0; key < 3000; key++) first.Set(Key(key), At(key), Describing(key, 500));
        using (var second = NewStore(MiB, directory.Path))
        {
            Assert.Equal(2, directory.Files.Length);
            for (var key = 0; key < 3000; key++) second.Set(Key(key), At(5_000 + key), Describing(5_000 + key, 400));
            for (var key = 0; key < 3000; key++) AssertStands(second, key, 5_000 + key, 400);
        }

        // A page that is still being written delays the deletion.
        await Eventually.TrueAsync(() => directory.Files.Length == 1);
        for (var key = 0; key < 3000; key++) AssertStands(first, key, key, 500);
    }

    [Fact]
    public void File_that_nobody_holds_any_more_is_cleared_away()
    {
        using var directory = new TemporaryDirectory();
        string name;
        using (NewStore(MiB, directory.Path)) name = Path.GetFileName(Assert.Single(directory.Files));
        var abandoned = Path.Combine(directory.Path, name);
        var foreign = Path.Combine(directory.Path, "somebody-elses.spill");
        File.WriteAllText(abandoned, "left by a process that was killed");
        File.WriteAllText(foreign, "not ours");
        using var store = NewStore(MiB, directory.Path);
        Assert.False(File.Exists(abandoned));
        Assert.True(File.Exists(foreign));
    }

    [Fact]
    public void Unusable_directory_is_an_error_that_names_the_option()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "file");
        File.WriteAllText(file, "");
        var error = Assert.Throws<IOException>(() => NewStore(MiB, Path.Combine(file, "below")));
        Assert.Contains("Store.SpillDirectory", error.Message, StringComparison.Ordinal);
    }
}
