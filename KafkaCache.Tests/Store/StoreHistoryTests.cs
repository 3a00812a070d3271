using KafkaCaching.Store;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Faster;
using KafkaCaching.Store.Log;
using KafkaCaching.Store.Memory;
using KafkaCaching.Store.Spill;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store;

/// <summary>Compares the store with <see cref="DictionaryStateStore"/> under the same random histories. The stores are so small that pages
/// are evicted, copied forward and spilled, and writes are refused.</summary>
public sealed class StoreHistoryTests
{
    private const long TinyBudget = 128 << 10;

    [Fact]
    public void Store_in_memory_agrees_with_the_oracle() => StoreHistory.ForAll(250, 1200, 30, 1500, history => Agree(history));

    [Fact]
    public void Store_of_large_entries_agrees_with_the_oracle() =>
        StoreHistory.ForAll(150, 300, 12, MaxValueLength, history => Agree(history));

    [Fact]
    public void Crowded_store_refuses_only_what_does_not_fit() =>
        StoreHistory.ForAll(80, 2000, 400, 900, history => Agree(history, refusedFrom: 0.5));

    [Fact]
    public void Store_that_is_captured_and_loaded_again_and_again_agrees_with_the_oracle() =>
        StoreHistory.ForAll(250, 1200, 60, 900, static history => Agree(history, reloads: true));

    [Fact]
    public void Spilling_store_agrees_with_the_oracle() => StoreHistory.ForAll(30, 600, 100, 4000, history =>
    {
        using var directory = new TemporaryDirectory();
        Agree(history, NewStore(TinyBudget, directory.Path, expected: 100));
    });

    [Fact]
    public void Spilling_store_that_gives_up_pages_agrees_with_the_oracle() => AgreeWhilePagesAreGivenUp(histories: 40);

    [Fact]
    [Trait("Category", "Soak")]
    public void Ten_thousand_histories_agree_with_the_oracle()
    {
        StoreHistory.ForAll(9_000, 1200, 30, 1500, history => Agree(history));
        StoreHistory.ForAll(1_000, 1200, 300, MaxValueLength, history => Agree(history));
        AgreeWhilePagesAreGivenUp(histories: 1_000);
    }

    private static int MaxValueLength => StoreGeometry.MaxEntryBytesFor(StoreGeometry.DefaultPageBytes(TinyBudget)) - 12;

    // Without freeing pages, these long histories would make the file many times as large as the live entries.
    private static void AgreeWhilePagesAreGivenUp(int histories)
    {
        var withPagesGivenUp = 0;
        StoreHistory.ForAll(histories, 4000, 60, 4000, history =>
        {
            using var directory = new TemporaryDirectory();
            using var file = SpillDirectory.CreateFile(directory.Path, "store-tests");
            Agree(history, new FasterStateStore(new(TinyBudget, directory.Path, ExpectedEntries: 100, "store-tests"), file));
            withPagesGivenUp += file.GivenUpBelow > 0 ? 1 : 0;
        });
        Assert.InRange(withPagesGivenUp, histories / 2, histories);
    }

    private static void Agree(Step[] history, double refusedFrom = 0.35, bool reloads = false) =>
        Agree(history, NewStore(TinyBudget, expected: 100), refusedFrom, reloads);

    private static void Agree(Step[] history, FasterStateStore store, double refusedFrom = 0.35, bool reloads = false)
    {
        using var oracle = new DictionaryStateStore { MaxEntryBytes = store.MaxEntryBytes };
        var offset = 0L;
        foreach (var step in history)
        {
            offset++;
            var metadata = new EntryMetadata(step.Partition, offset, step.Timestamp, step.Quarantine);
            switch (step.Kind)
            {
                case StepKind.Set:
                    AgreeOnSet(store, oracle, Key(step.Key), metadata, Describing(offset, step.Length), refusedFrom);
                    break;
                case StepKind.Replace:
                    AgreeOnReplace(store, oracle, Key(step.Key), metadata, Describing(offset, step.Length), refusedFrom);
                    break;
                case StepKind.Remove:
                    Assert.Equal(oracle.Remove(Key(step.Key), metadata), store.Remove(Key(step.Key), metadata));
                    break;
                case StepKind.Scan:
                    AgreeOnScan(store, oracle);
                    break;
                case StepKind.ReadAll:
                    if (reloads)
                        Reload(ref store, offset);
                    AgreeOnReads(store, oracle);
                    break;
            }

            Assert.Equal(oracle.Count, store.Count);
        }

        AgreeOnReads(store, oracle);
        AgreeOnScan(store, oracle);
        Assert.InRange(store.MemoryBytes, 1, TinyBudget + (32 << 10)); // plus overflow buckets of the index
        store.Dispose();
    }

    private static void Reload(ref FasterStateStore store, long offset)
    {
        var loaded = NewStore(TinyBudget, expected: 100);
        var load = loaded.BeginLoad()!;
        var lane = load.BeginLane();
        using (var capture = store.BeginCapture([offset, offset, offset])!)
        {
            while (capture.MoveNext())
            {
                for (var i = 0; i < capture.Group.Count; i++)
                {
                    PackedEntry.Read(capture.Group[i], out var key, out var metadata, out var content);
                    Assert.True(lane.Add(KeyHash.Of(key), key, metadata, content));
                }
            }
        }

        lane.End();
        load.End();
        store.Dispose();
        store = loaded;
    }

    /// <summary>A store may refuse a write only if its entries use this share of the budget. A fifth of the budget is for the index and a
    /// reserve, up to a quarter is headroom, and entries of at least half a page leave the rest of their pages empty.</summary>
    private static void AgreeOnSet(
        FasterStateStore store, DictionaryStateStore oracle, byte[] key, in EntryMetadata metadata, byte[] value, double refusedFrom)
    {
        var written = metadata;
        var result = WriteResult.Refused;
        if (HasRoom(() => result = store.Set(key, written, value), oracle, refusedFrom))
            Assert.Equal(oracle.Set(key, metadata, value), result);
    }

    private static void AgreeOnReplace(
        FasterStateStore store, DictionaryStateStore oracle, byte[] key, in EntryMetadata metadata, byte[] value, double refusedFrom)
    {
        var written = metadata;
        if (HasRoom(() => store.Replace(key, written, value), oracle, refusedFrom))
            oracle.Replace(key, metadata, value);
    }

    private static bool HasRoom(Action write, DictionaryStateStore oracle, double refusedFrom)
    {
        try
        {
            write();
            return true;
        }
        catch (StoreFullException)
        {
            var live = LiveBytes(oracle);
            Assert.True(live > TinyBudget * refusedFrom, $"refused with {live} live bytes of {TinyBudget}");
            return false;
        }
    }

    private static long LiveBytes(DictionaryStateStore oracle)
    {
        var live = 0L;
        using var scan = oracle.Scan();
        while (scan.MoveNext())
            live += EntryLayout.RecordBytes(scan.Key.Length, EntryLayout.TightCapacity(scan.Value.Length));
        return live;
    }

    private static void AgreeOnReads(FasterStateStore store, DictionaryStateStore oracle)
    {
        for (var key = 0; key < 400; key++)
        {
            using var expected = oracle.Read(Key(key));
            using var entry = store.Read(Key(key));
            Assert.Equal(expected.Found, entry.Found);
            Assert.Equal(expected.Metadata, entry.Metadata);
            Assert.True(expected.Value.SequenceEqual(entry.Value), $"the value of key {key} differs");
        }
    }

    private static void AgreeOnScan(FasterStateStore store, DictionaryStateStore oracle)
    {
        var expected = 0;
        using (var scan = oracle.Scan())
        {
            while (scan.MoveNext())
                expected++;
        }

        var keys = new HashSet<long>();
        using var walk = store.Scan();
        while (walk.MoveNext())
        {
            Assert.True(keys.Add(KeyNumber(walk.Key)), "a key came twice");
            using var entry = oracle.Read(walk.Key);
            Assert.Equal(entry.Metadata, walk.Metadata);
            Assert.True(entry.Value.SequenceEqual(walk.Value));
        }

        Assert.Equal(expected, keys.Count);
    }
}
