using KafkaCaching.Store;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Capture;

/// <summary>A capture returns exactly the entries that the store held when the capture began, whatever the writer does
/// meanwhile.</summary>
public sealed class EntryCaptureTests
{
    private const long TinyBudget = 128 << 10;
    private const int Partitions = 3;

    [Fact]
    public void Histories_captured_during_writes_copies_and_deletes_are_those_of_the_moment() =>
        StoreHistory.ForAll(400, 1200, 60, 900, CaptureAmid);

    [Fact]
    [Trait("Category", "Soak")]
    public void Ten_thousand_histories_captured_are_those_of_the_moment() => StoreHistory.ForAll(10_000, 1200, 60, 900, CaptureAmid);

    [Fact]
    public Task Capture_beside_a_busy_writer_is_that_of_the_moment() => CaptureBesideAsync(static (store, key, offset, _, random) =>
    {
        if (random.Next(4) == 0)
            store.Remove(key, At(offset));
        else
            store.Set(key, At(offset), Describing(offset, random.Next(300)));
    });

    [Fact]
    public Task Capture_beside_a_writer_that_puts_earlier_entries_back_is_that_of_the_moment() =>
        CaptureBesideAsync(static (store, key, offset, moment, random) =>
        {
            if (random.Next(4) == 0)
                store.Remove(key, At(offset));
            var by = random.Next(2) == 0 ? random.NextInt64(moment) : offset;
            store.Replace(key, At(by), Describing(by, random.Next(300)));
        });

    [Fact]
    public void Writer_that_overwrites_more_than_the_queue_holds_ends_the_capture_and_continues()
    {
        using var store = NewStore(64 * MiB, expected: 1000);
        for (var i = 0; i < 1000; i++)
            store.Set(Key(i), At(i), Describing(i, 20_000));
        using var capture = store.BeginCapture([1000])!;
        for (var i = 0; i < 1000; i++)
            store.Set(Key(i), At(1000 + i), Describing(1000 + i, 20_000));

        Assert.False(capture.MoveNext());
        Assert.Equal(CaptureEnd.Overrun, capture.End);
        AssertStands(store, 999, 1999, 20_000);
    }

    [Fact]
    public void Growth_of_the_index_ends_the_capture()
    {
        using var store = new FasterStateStore(new StoreSettings(64 * MiB, null, ExpectedEntries: 1, "store-tests"));
        store.Set(Key(0), At(0), Describing(0, 10));
        using var capture = store.BeginCapture([1])!;
        for (var i = 1; i < 10_000; i++)
            store.Set(Key(i), At(i), Describing(i, 10));

        Assert.False(capture.MoveNext());
        Assert.Equal(CaptureEnd.IndexGrew, capture.End);
    }

    // When the index grows, the entries with the same tag in a bucket are distributed to two buckets, but remain in one chain.
    [Fact]
    public void Store_whose_index_has_grown_is_captured_with_each_entry_in_its_bucket()
    {
        const int keys = 60_000;
        using var store = new FasterStateStore(new StoreSettings(256 * MiB, null, ExpectedEntries: 1, "store-tests"));
        for (var i = 0; i < keys; i++)
            store.Set(Key(i), At(i), Describing(i, 10));
        using var capture = store.BeginCapture([keys])!;
        Assert.InRange(capture.Buckets, 8_192, keys);
        var captured = new HashSet<long>();
        while (capture.MoveNext())
        {
            for (var i = 0; i < capture.Group.Count; i++)
            {
                PackedEntry.Read(capture.Group[i], out var key, out _, out _);
                Assert.True(captured.Add(KeyNumber(key)), "a key came twice");
                Assert.InRange((long)KeyHash.Of(key) & (capture.Buckets - 1), capture.FirstBucket, capture.FirstBucket + 15);
            }
        }

        Assert.Equal((CaptureEnd.None, keys), (capture.End, captured.Count));
    }

    [Fact]
    public void End_of_the_store_ends_the_capture()
    {
        var store = NewStore();
        var capture = store.BeginCapture([1])!;
        store.Dispose();

        Assert.False(capture.MoveNext());
        Assert.Equal(CaptureEnd.StoreEnded, capture.End);
        capture.Dispose();
    }

    [Fact]
    public void Ended_capture_costs_the_writer_nothing_and_another_can_begin()
    {
        using var store = NewStore();
        store.Set(Key(1), At(0), Describing(0, 10));
        store.BeginCapture([1])!.Dispose();
        store.Set(Key(1), At(1), Describing(1, 10));

        using var capture = store.BeginCapture([2])!;
        Assert.Equal(1, ReadAll(capture)[1].Metadata.Offset);
    }

    [Fact]
    public void Capture_that_another_one_replaces_has_ended()
    {
        using var store = NewStore();
        store.Set(Key(1), At(0), Describing(0, 10));
        using var first = store.BeginCapture([1])!;
        using var second = store.BeginCapture([1])!;

        Assert.False(first.MoveNext());
        Assert.Equal(CaptureEnd.Replaced, first.End);
        first.Dispose();
        store.Set(Key(1), At(1), Describing(1, 10));
        Assert.Equal(0, ReadAll(second)[1].Metadata.Offset);
    }

    [Fact]
    public void Spilling_store_has_no_captures()
    {
        using var directory = new TemporaryDirectory();
        using var store = NewStore(spill: directory.Path);
        Assert.Null(store.BeginCapture([0]));
    }

    /// <param name="write">Writes to a key at an offset; it is also given the offset of the captured moment.</param>
    private static async Task CaptureBesideAsync(Action<FasterStateStore, byte[], long, long, Random> write)
    {
        const int keys = 20_000;
        var random = new Random((int)TestSeed.Next());
        using var store = NewStore(16 * MiB, expected: keys);
        var offset = 0L;
        for (; offset < keys; offset++)
            store.Set(Key(offset), At(offset), Describing(offset, random.Next(200)));
        for (var round = 0; round < 5; round++)
        {
            var expected = EntriesOf(store);
            using var capture = store.BeginCapture([offset])!;
            var reading = Task.Run(() => ReadAll(capture), TestContext.Current.CancellationToken);
            for (var moment = offset; !reading.IsCompleted; offset++)
                write(store, Key(random.Next(keys * 2)), offset, moment, random);

            var captured = await reading;
            Assert.Equal(CaptureEnd.None, capture.End);
            AssertSame(expected, captured);
        }
    }

    private static void CaptureAmid(Step[] history)
    {
        using var store = NewStore(TinyBudget, expected: 100);
        var begin = history.Length / 3;
        var paces = new Random(history.Length);
        var (offset, pace) = (0L, 1);
        Dictionary<long, Captured>? expected = null;
        EntryCapture? capture = null;
        var captured = new Dictionary<long, Captured>();
        foreach (var step in history)
        {
            if (offset == begin)
            {
                expected = EntriesOf(store);
                capture = store.BeginCapture([.. Enumerable.Repeat(offset, Partitions)]);
                pace = 1 + paces.Next(30);
            }

            Apply(step, offset++, store);
            if (capture is not null && offset % pace == 0 && capture.MoveNext())
                Take(capture, captured);
        }

        using (capture)
        {
            while (capture!.MoveNext())
                Take(capture, captured);
            Assert.Equal(CaptureEnd.None, capture.End);
        }

        AssertSame(expected!, captured);
    }

    private static void Apply(Step step, long offset, FasterStateStore store)
    {
        var metadata = new EntryMetadata(step.Partition, offset, step.Timestamp, step.Quarantine);
        try
        {
            if (step.Kind == StepKind.Remove)
                store.Remove(Key(step.Key), metadata);
            else if (step.Kind is StepKind.Set or StepKind.Replace)
                store.Set(Key(step.Key), metadata, Describing(offset, step.Length));
        }
        catch (StoreFullException)
        {
            // The full store refused the write and is unchanged.
        }
    }

    private static Dictionary<long, Captured> ReadAll(EntryCapture capture)
    {
        var captured = new Dictionary<long, Captured>();
        while (capture.MoveNext())
            Take(capture, captured);
        return captured;
    }

    private static void Take(EntryCapture capture, Dictionary<long, Captured> captured)
    {
        foreach (var entries in (PackedEntries[])[capture.Group, capture.Early])
        {
            for (var i = 0; i < entries.Count; i++)
            {
                PackedEntry.Read(entries[i], out var key, out var metadata, out var content);
                Assert.True(captured.TryAdd(KeyNumber(key), new(metadata, Convert.ToHexString(content))), "a key came twice");
            }
        }
    }

    private static Dictionary<long, Captured> EntriesOf(FasterStateStore store)
    {
        var entries = new Dictionary<long, Captured>();
        using var scan = store.Scan();
        while (scan.MoveNext())
            entries.Add(KeyNumber(scan.Key), new(scan.Metadata, Convert.ToHexString(scan.Content)));
        return entries;
    }

    private static void AssertSame(Dictionary<long, Captured> expected, Dictionary<long, Captured> captured)
    {
        Assert.Equal(expected.Count, captured.Count);
        foreach (var (key, entry) in expected)
            Assert.Equal(entry, captured[key]);
    }

    private sealed record Captured(EntryMetadata Metadata, string Content);
}
