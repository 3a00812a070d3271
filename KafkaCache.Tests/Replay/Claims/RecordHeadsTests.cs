using System.Text;
using KafkaCaching.Replay.Claims;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>The memory for records that are not in force is limited, and records that are in force are never removed.</summary>
public sealed class RecordHeadsTests
{
    private const long MaxBytes = 10_000;
    private const int Keys = 1_000;

    private readonly RecordHeads _heads = new(MaxBytes);

    [Fact]
    public void Of_many_tombstones_the_newest_are_known()
    {
        for (var key = 0; key < Keys; key++)
        {
            Put(key, partition: 1, time: 5);
            Assert.InRange(_heads.BytesOutOfForce, 1, MaxBytes);
        }

        Assert.NotNull(Latest(Keys - 1));
        Assert.Null(Latest(0));
        Assert.InRange(Enumerable.Range(0, Keys).Count(key => Latest(key) is not null), 20, Keys / 2);
    }

    [Fact]
    public void What_yields_entries_is_known_for_as_long_as_it_is_the_latest()
    {
        for (var key = 0; key < Keys; key++)
            Put(key, partition: 0, time: 5, "e");
        Assert.Equal(0, _heads.BytesOutOfForce);
        for (var key = 0; key < Keys; key++)
            Put(key, partition: 1, time: 6, "e");
        Assert.InRange(_heads.BytesOutOfForce, 1, MaxBytes);

        Assert.All(Enumerable.Range(0, Keys), key => Assert.Equal(1, Latest(key)!.Partition));
        Assert.NotNull(Latest(Keys - 1)!.Older);
        Assert.Null(Latest(0)!.Older);
    }

    [Fact]
    public void A_tombstone_over_a_forgotten_head_is_forgotten_too()
    {
        for (var key = 0; key < Keys; key++)
        {
            Put(key, partition: 0, time: 5, "e");
            Put(key, partition: 1, time: 6);
        }

        for (var key = Keys; key < 2 * Keys; key++)
            Put(key, partition: 0, time: 5);
        Assert.All(Enumerable.Range(0, Keys), key => Assert.Null(Latest(key)));
        Assert.InRange(_heads.BytesOutOfForce, 1, MaxBytes);
    }

    [Fact]
    public void A_record_key_that_went_silent_and_came_back_is_not_forgotten()
    {
        Put(0, partition: 0, time: 5);
        Put(0, partition: 0, time: 6, "e");
        for (var key = 1; key < Keys; key++)
            Put(key, partition: 0, time: 5);
        Assert.True(Latest(0)!.Yields("e"u8));
    }

    [Fact]
    public void Of_three_partitions_the_latest_comes_back_each_time_the_one_before_it_goes_back_in_time()
    {
        Put(0, partition: 0, time: 10, "a");
        Put(0, partition: 1, time: 20, "b");
        Put(0, partition: 2, time: 30, "c");
        Assert.True(Latest(0)!.Yields("c"u8));
        Put(0, partition: 2, time: 1, "d");
        Assert.True(Latest(0)!.Yields("b"u8));
        Put(0, partition: 1, time: 2, "e");
        Assert.True(Latest(0)!.Yields("a"u8));
        Put(0, partition: 0, time: 0);
        Assert.True(Latest(0)!.Yields("e"u8));
    }

    [Fact]
    public void Restored_heads_count_as_they_did()
    {
        Put(0, partition: 0, time: 10, "a");
        Put(0, partition: 1, time: 20, "b");
        Put(1, partition: 0, time: 10);
        Put(2, partition: 0, time: 10, "c");
        var restored = new RecordHeads(MaxBytes);
        for (var key = 0; key < 3; key++)
            restored.Restore(Key(key), Latest(key)!);
        restored.EndRestore();
        Assert.Equal(_heads.BytesOutOfForce, restored.BytesOutOfForce);
    }

    [Fact]
    public void Of_restored_tombstones_the_oldest_are_forgotten_first_whatever_their_order()
    {
        const int fit = 40;
        var restored = new RecordHeads(MaxBytes);
        for (var key = fit - 1; key >= 0; key--)
            restored.Restore(Key(key), new Head(new EntryMetadata(0, key, key), []));
        restored.EndRestore();
        for (var key = fit; key < fit + 60; key++)
            restored.Put(Key(key), HeadChange.Of(null, new Head(new EntryMetadata(0, key, key), [])));

        Assert.Null(restored.LatestOf(Key(0)));
        Assert.NotNull(restored.LatestOf(Key(fit - 1)));
    }

    private Head? Latest(int key) => _heads.LatestOf(Key(key));

    private void Put(int key, int partition, long time, params string[] yields)
    {
        YieldedEntry[] entries = [.. yields.Select(static one => new YieldedEntry(Encoding.UTF8.GetBytes(one), []))];
        _heads.Put(Key(key), HeadChange.Of(Latest(key), new Head(new EntryMetadata(partition, time, time), entries)));
    }

    private static byte[] Key(int key) => Encoding.UTF8.GetBytes($"key {key}");
}
