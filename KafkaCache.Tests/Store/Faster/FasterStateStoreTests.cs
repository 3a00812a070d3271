using KafkaCaching.Store.Entries;
using static KafkaCaching.Tests.Store.StoreTesting;

namespace KafkaCaching.Tests.Store.Faster;

public sealed class FasterStateStoreTests
{
    [Fact]
    public void Absent_key_is_not_found()
    {
        using var store = NewStore();
        AssertAbsent(store, 1);
        Assert.Equal(WriteResult.WasAbsent, store.Remove(Key(1), At(1)));
        Assert.Equal(0, store.Count);
        Assert.Empty(ScanKeys(store));
    }

    [Fact]
    public void Entry_comes_back_with_its_metadata()
    {
        using var store = NewStore();
        var metadata = new EntryMetadata(EntryLayout.MaxPartition, EntryLayout.MaxOffset, -EntryLayout.MaxTimestampMs, 7);
        Assert.Equal(WriteResult.WasAbsent, store.Set(Key(1), metadata, [1, 2, 3]));
        using var entry = store.Read(Key(1));
        Assert.True(entry.Found);
        Assert.Equal(metadata, entry.Metadata);
        Assert.Equal(new byte[] { 1, 2, 3 }, entry.Value.ToArray());
    }

    [Fact]
    public void Empty_key_and_empty_value_are_an_entry()
    {
        using var store = NewStore();
        store.Set([], At(5), []);
        using var entry = store.Read([]);
        Assert.True(entry.Found);
        Assert.Equal(0, entry.Value.Length);
        Assert.Equal(1, store.Count);
        using var scan = store.Scan();
        Assert.True(scan.MoveNext());
        Assert.Equal(0, scan.Key.Length);
        Assert.False(scan.MoveNext());
    }

    [Fact]
    public void Values_of_every_size_replace_each_other()
    {
        using var store = NewStore();
        var offset = 0L;
        foreach (var length in Enumerable.Range(0, 300).Concat([5000, 1, 100_000, 0, 99_999]).Concat(Enumerable.Range(0, 300).Reverse()))
        {
            store.Set(Key(1), At(++offset), Describing(offset, length));
            AssertStands(store, 1, offset, length);
        }

        Assert.Equal(1, store.Count);
        Assert.Equal([1], ScanKeys(store).Values);
    }

    [Fact]
    public void Results_and_count_depend_on_the_previous_entry()
    {
        using var store = NewStore();
        Assert.Equal(WriteResult.WasAbsent, store.Set(Key(1), At(1), [1]));
        Assert.Equal(WriteResult.WasPresent, store.Set(Key(1), At(2), new byte[500]));
        Assert.Equal(1, store.Count);
        Assert.Equal(WriteResult.WasPresent, store.Remove(Key(1), At(3)));
        Assert.Equal(0, store.Count);
        Assert.Equal(WriteResult.WasAbsent, store.Remove(Key(1), At(4)));
        Assert.Equal(WriteResult.WasAbsent, store.Set(Key(1), At(5, partition: 3), [1]));
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Quarantined_entries_are_read_and_scanned_but_not_counted()
    {
        using var store = NewStore();
        store.Set(Key(1), At(1), [1]);
        Assert.Equal(WriteResult.WasPresent, store.Set(Key(1), At(2, quarantine: 1), []));
        Assert.Equal(0, store.Count);
        using (var entry = store.Read(Key(1))) Assert.True(entry.Metadata.IsQuarantined);
        Assert.Single(ScanKeys(store));
        Assert.Equal(WriteResult.WasPresent, store.Set(Key(1), At(3), [2]));
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Older_write_from_another_partition_replaces_where_the_caller_has_judged()
    {
        using var store = NewStore();
        store.Set(Key(1), At(10, partition: 1, timestamp: 100), [1]);
        store.Replace(Key(1), At(9, partition: 2, timestamp: 99), new byte[500]);
        Assert.Equal(1, store.Count);
        using (var entry = store.Read(Key(1))) Assert.Equal((9, 500), (entry.Metadata.Offset, entry.Value.Length));
        Assert.Equal(WriteResult.Refused, store.Set(Key(1), At(8, partition: 1, timestamp: 98), [2]));
        store.Replace(Key(1), At(8, partition: 0, timestamp: 1, quarantine: 1), []);
        Assert.Equal(0, store.Count);
        store.Replace(Key(2), At(1), [3]);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Older_write_from_another_partition_is_refused()
    {
        using var store = NewStore();
        store.Set(Key(1), At(10, partition: 1, timestamp: 100), [1]);
        Assert.Equal(WriteResult.Refused, store.Set(Key(1), At(99, partition: 2, timestamp: 99), [2]));
        Assert.Equal(WriteResult.Refused, store.Remove(Key(1), At(99, partition: 0, timestamp: 100)));
        Assert.Equal(1, store.Count);
        using (var entry = store.Read(Key(1))) Assert.Equal(1, entry.Value[0]);
        Assert.Equal(WriteResult.WasInAnotherPartition, store.Set(Key(1), At(3, partition: 2, timestamp: 100), [2]));
        Assert.Equal(WriteResult.WasInAnotherPartition, store.Remove(Key(1), At(4, partition: 0, timestamp: 101)));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Deleting_and_writing_again_does_not_grow_the_log()
    {
        using var store = NewStore();
        for (var key = 0; key < 50_000; key++) store.Set(Key(key), At(key), Describing(key, 100));
        var before = store.MemoryBytes;
        for (var round = 0; round < 10; round++)
        {
            for (var key = 0; key < 50_000; key++) store.Remove(Key(key), At(round));
            for (var key = 0; key < 50_000; key++) store.Set(Key(key), At(key), Describing(key, 100));
        }

        Assert.InRange(store.MemoryBytes, before, before + (4 * MiB)); // All rounds together write 85 MiB.
        Assert.Equal(50_000, store.Count);
    }

    [Fact]
    public void Nested_reads_keep_their_values()
    {
        using var store = NewStore();
        store.Set(Key(1), At(1), Describing(1, 100));
        store.Set(Key(2), At(2), Describing(2, 50));
        using var first = store.Read(Key(1));
        using var second = store.Read(Key(2));
        using var again = store.Read(Key(1));
        Assert.True(IsWhole(first.Value, 1));
        Assert.True(IsWhole(second.Value, 2));
        Assert.True(IsWhole(again.Value, 1));
    }

    [Fact]
    public void More_threads_than_FASTER_has_places_for_read_at_once()
    {
        using var store = NewStore();
        for (var key = 0; key < 1000; key++) store.Set(Key(key), At(key), Describing(key, 64));
        using var together = new Barrier(200);
        var wrong = 0;
        var threads = Enumerable.Range(0, 200).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            using var held = store.Read(Key(seed));
            together.SignalAndWait();
            for (var i = 0; i < 500; i++)
            {
                var key = random.Next(1000);
                using var entry = store.Read(Key(key));
                if (!entry.Found || !IsWhole(entry.Value, key))
                    Interlocked.Increment(ref wrong);
            }

            if (!IsWhole(held.Value, seed))
                Interlocked.Increment(ref wrong);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Hit_allocates_nothing()
    {
        using var store = NewStore();
        var key = Key(1);
        store.Set(key, At(1), Describing(1, 200));
        for (var i = 0; i < 1000; i++) store.Read(key).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) store.Read(key).Dispose();
        // Allows for a new session of 9 KB if the thread moves to another processor.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000);
    }

    [Fact]
    public void Disposed_store_refuses_reads_and_lets_those_under_way_finish()
    {
        var store = NewStore();
        store.Set(Key(1), At(1), Describing(1, 100));
        var entry = store.Read(Key(1));
        store.Dispose();
        store.Dispose();
        Assert.True(IsWhole(entry.Value, 1));
        entry.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Set(Key(1), At(2), []));
        Assert.Throws<ObjectDisposedException>(() => store.Remove(Key(1), At(2)));
        Assert.Throws<ObjectDisposedException>(() => store.Read(Key(1)).Dispose());
        Assert.Throws<ObjectDisposedException>(() => store.Scan());
    }

    [Fact]
    public void Memory_is_taken_as_entries_come_and_stays_within_the_budget()
    {
        using var store = NewStore(budget: 32 * MiB, expected: 100_000);
        Assert.InRange(store.MemoryBytes, 1, 8 * MiB);
        for (var key = 0; key < 100_000; key++) store.Set(Key(key), At(key), Describing(key, 150));
        Assert.InRange(store.MemoryBytes, 20 * MiB, 32 * MiB);
    }
}
