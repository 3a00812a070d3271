using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Spill;
using KafkaCaching.Tests.Brokers;
using Microsoft.Win32.SafeHandles;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Spill;

/// <summary>The disk space of a spilling store depends on its entries, not on how often they were written.</summary>
public sealed class SpillGrowthTests
{
    private const int Keys = 5_000;
    private const int Bytes = 350;

    [Fact]
    public async Task Entries_that_are_written_again_and_again_take_a_bounded_room_on_disk()
    {
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path, Keys);
        var random = new Random(unchecked((int)TestSeed.Next()));
        var stands = new (long Offset, int Length)?[Keys];
        for (var key = 0; key < Keys; key++)
            stands[key] = Write(store, key, key, Bytes);

        long most = 0;
        for (var write = 0; write < 40 * Keys; write++)
        {
            // The last tenth of the keys is never written again.
            var key = random.Next(Keys - Keys / 10);
            if (random.Next(10) > 0)
            {
                stands[key] = Write(store, key, Keys + write, random.Next(2 * Bytes));
            }
            else
            {
                Assert.Equal(stands[key] is null ? WriteResult.WasAbsent : WriteResult.WasPresent, store.Remove(Key(key), At(write)));
                stands[key] = null;
            }

            if (write % Keys == 0)
                most = Math.Max(most, BytesOnDisk(directory));
        }

        // The entries take about 2 MB, and all writes about 70 MB.
        Assert.InRange(most, MiB, 12 * MiB);

        // Pages may still be on their way to the disk.
        await Eventually.TrueAsync(() => Math.Abs(store.SpilledBytes!.Value - BytesOnDisk(directory)) <= 64 << 10);
        for (var key = 0; key < Keys; key++)
        {
            if (stands[key] is { } stand)
                AssertStands(store, key, stand.Offset, stand.Length);
            else
                AssertAbsent(store, key);
        }

        var scanned = ScanKeys(store);
        Assert.Equal(stands.Count(static stand => stand is not null), scanned.Count);
        Assert.Equal(scanned.Count, store.Count);
        Assert.All(scanned.Values, static times => Assert.Equal(1, times));
    }

    [Fact]
    [Trait("Category", "Long")]
    public void Keys_that_come_and_go_take_a_bounded_room_on_disk_and_in_the_index()
    {
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path, Keys);
        const int All = 60 * Keys;
        for (var key = 0; key < All; key++)
        {
            Write(store, key, key);
            if (key >= Keys)
                store.Remove(Key(key - Keys), At(key));
        }

        Assert.Equal(Keys, store.Count);
        Assert.InRange(BytesOnDisk(directory), 0, 12 * MiB);
        Assert.InRange(store.MemoryBytes, 1, MiB + (512 << 10));
        for (var key = All - Keys; key < All; key++)
            AssertStands(store, key, key, Bytes);
        for (var key = 0; key < All - Keys; key += 97)
            AssertAbsent(store, key);
    }

    [Fact]
    public void Reader_finds_each_entry_while_its_page_is_given_up()
    {
        using var directory = new TemporaryDirectory();
        using var store = NewStore(MiB, directory.Path, Keys);
        for (var key = 0; key < Keys; key++)
            Write(store, key, key);
        using var stop = new CancellationTokenSource();
        var (reads, wrong) = (0L, 0L);
        var readers = Enumerable.Range(0, 3).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            while (!stop.IsCancellationRequested)
            {
                using var entry = store.Read(Key(random.Next(Keys)));
                Interlocked.Increment(ref reads);
                if (!entry.Found || !IsWhole(entry.Value, entry.Metadata.Offset))
                    Interlocked.Increment(ref wrong);
            }
        })).ToList();
        var scanner = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (ScanKeys(store).Count != Keys)
                    Interlocked.Increment(ref wrong);
            }
        });
        readers.Add(scanner);
        readers.ForEach(static reader => reader.Start());
        for (var write = 0; write < 20 * Keys; write++)
            Write(store, write * 7919L % Keys, Keys + write);
        stop.Cancel();
        readers.ForEach(static reader => reader.Join());
        Assert.Equal(0, wrong);
        Assert.True(reads > 1_000, $"Only {reads} reads were made.");
        Assert.InRange(BytesOnDisk(directory), 0, 14 * MiB);
    }

    [Fact]
    public async Task Reader_that_waits_for_its_disk_finds_the_entry_although_its_page_was_given_up_meanwhile()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "held");
        using var file = new HeldFile(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite));
        using var store = new FasterStateStore(new(MiB, directory.Path, Keys, "store-tests"), file);
        for (var key = 0; key < Keys; key++)
            Write(store, key, key);

        file.HoldNext();
        var reading = Task.Run(() => AssertStands(store, key: 0, offset: 0, Bytes), TestContext.Current.CancellationToken);
        await file.Held.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        for (var write = 0; file.GivenUpBelow == 0; write++)
            Write(store, 1 + write % (Keys - 1), Keys + write);
        file.Release();
        await reading;
        AssertStands(store, key: 0, offset: 0, Bytes);
    }

    [Fact]
    public void Entry_on_disk_is_read_on_the_thread_that_asks_for_it()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "watched");
        using var file = new WatchedFile(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite));
        using var store = new FasterStateStore(new(MiB, directory.Path, Keys, "store-tests"), file);
        for (var key = 0; key < Keys; key++)
            Write(store, key, key);
        file.Readers.Clear();

        for (var key = 0; key < Keys; key++)
            AssertStands(store, key, key, Bytes);

        Assert.Equal([Environment.CurrentManagedThreadId], file.Readers);
    }

    private static (long Offset, int Length) Write(FasterStateStore store, long key, long offset, int length = Bytes)
    {
        store.Set(Key(key), At(offset), Describing(offset, length));
        return (offset, length);
    }

    // Returns the allocated size: the file is sparse, so its length is larger.
    private static long BytesOnDisk(TemporaryDirectory directory)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux gives up parts of a file.");
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", "%b", Assert.Single(directory.Files)])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var blocks = stat.StandardOutput.ReadToEnd();
        stat.WaitForExit();
        return long.Parse(blocks, CultureInfo.InvariantCulture) * 512;
    }

    /// <summary>A file that records which threads read from it.</summary>
    private sealed class WatchedFile(string path, SafeFileHandle handle) : SpillFile(path, handle)
    {
        public HashSet<int> Readers { get; } = [];

        protected override void Read(nint memory, long offset, int bytes)
        {
            lock (Readers)
                Readers.Add(Environment.CurrentManagedThreadId);
            base.Read(memory, offset, bytes);
        }
    }

    /// <summary>A file whose next read can be held up.</summary>
    private sealed class HeldFile(string path, SafeFileHandle handle) : SpillFile(path, handle)
    {
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _release = new();
        private int _holdsNext;

        public Task Held => _held.Task;

        public void HoldNext() => Volatile.Write(ref _holdsNext, 1);

        public void Release() => _release.Set();

        public override void Dispose()
        {
            base.Dispose();
            _release.Dispose();
        }

        protected override void Read(nint memory, long offset, int bytes)
        {
            if (Interlocked.Exchange(ref _holdsNext, 0) == 1)
            {
                _held.SetResult();
                _release.Wait();
            }

            base.Read(memory, offset, bytes);
        }
    }
}
