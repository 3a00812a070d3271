namespace KafkaCaching.Tests.Replay;

/// <summary>Records of one key in two partitions are ordered by timestamp, then by partition. Every instance must choose the same record,
/// whichever partition it reads first.</summary>
public sealed class TwoPartitionsTests
{
    [Theory]
    [InlineData(10, 20, 1)]
    [InlineData(20, 10, 0)]
    [InlineData(10, 10, 1)]
    [InlineData(1_763_700_000_000_001, 1_763_700_000_000_000, 0)] // microseconds
    [InlineData(1_763_700_000_000_000_001, 1_763_700_000_000_000_000, 1)] // nanoseconds: too large for an entry, so equal
    public void The_later_wins_then_the_higher_partition_in_either_order_of_arrival(long timestamp0, long timestamp1, int winner)
    {
        foreach (var resolves in new[] { false, true })
        {
            using var one = Cache(resolves);
            using var other = Cache(resolves);
            var in0 = Records.Of("k", "in 0", 5, partition: 0, timestampMs: timestamp0);
            var in1 = Records.Of("k", "in 1", 3, partition: 1, timestampMs: timestamp1);

            one.Apply(in0, in1);
            other.Apply(in1, in0);

            Assert.Equal($"in {winner}", one.Get("k"));
            Assert.Equal(one.Entry("k"), other.Entry("k"));
            Assert.Equal((1, 1), (one.Count, other.Count));
            Assert.Equal((6, 4), (one.Positions[0].Position, one.Positions[1].Position));
        }
    }

    [Fact]
    public void A_tombstone_of_another_partition_deletes_only_what_is_older()
    {
        using var cache = Cache(resolves: false);
        cache.Apply(Records.Of("k", "v", 0, partition: 0, timestampMs: 20), Records.Of("k", null, 0, partition: 1, timestampMs: 10));
        Assert.Equal("v", cache.Get("k"));
        cache.Apply(Records.Of("k", null, 1, partition: 1, timestampMs: 30));
        Assert.Null(cache.Get("k"));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Within_a_partition_the_offset_decides_and_time_does_not()
    {
        using var cache = Cache(resolves: false);
        cache.Apply(Records.Of("k", "first", 0, timestampMs: 20), Records.Of("k", "second", 1, timestampMs: 10));
        Assert.Equal("second", cache.Get("k"));
        Assert.Equal(0, cache.KeysSeenInTwoPartitions);
    }

    [Fact]
    public void A_projection_of_the_losing_partition_leaves_the_winners_keys_alone()
    {
        using var cache = new MemoryReplay<string, string>(static o => o.Resolver = static (in record, updates) =>
            updates.Set(record.ReadValue<string>(), "x"));
        cache.Apply(Records.Of("r", "new", 0, partition: 1, timestampMs: 20), Records.Of("r", "old", 9, partition: 0, timestampMs: 10));
        Assert.Equal(["new"], cache.Content().Keys);
        cache.Apply(Records.Of("r", "newest", 10, partition: 0, timestampMs: 30));
        Assert.Equal(["newest"], cache.Content().Keys);
    }

    [Fact]
    public void A_tombstone_that_a_resolver_reads_before_the_older_value_of_another_partition_still_deletes_it()
    {
        using var cache = Cache(resolves: true);
        cache.Apply(Records.Of("k", null, 0, partition: 1, timestampMs: 20), Records.Of("k", "old", 0, partition: 0, timestampMs: 10));
        Assert.Null(cache.Get("k"));
        cache.Apply(Records.Of("k", "new", 1, partition: 0, timestampMs: 30));
        Assert.Equal("new", cache.Get("k"));
    }

    [Fact]
    public void A_record_that_goes_back_in_time_gives_way_to_another_partitions_that_had_lost()
    {
        using var cache = Cache(resolves: true);
        cache.Apply(
            Records.Of("k", "in 0", 0, partition: 0, timestampMs: 20), Records.Of("k", "in 1", 0, partition: 1, timestampMs: 10),
            Records.Of("k", "back", 1, partition: 0, timestampMs: 5));
        Assert.Equal(new CacheEntry<string>("in 1", 1, 0, DateTimeOffset.FromUnixTimeMilliseconds(10)), cache.Entry("k"));
        cache.Apply(Records.Of("k", null, 1, partition: 1, timestampMs: 4));
        Assert.Equal("back", cache.Get("k"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Writes_across_partitions_are_counted(bool resolves)
    {
        using var cache = Cache(resolves);
        cache.Apply(
            Records.Of("k", "1", 0, partition: 0, timestampMs: 10), Records.Of("k", "2", 0, partition: 1, timestampMs: 20),
            Records.Of("k", "3", 1, partition: 0, timestampMs: 15));
        Assert.Equal(2, cache.KeysSeenInTwoPartitions);
        Assert.Equal("2", cache.Get("k"));
    }

    private static MemoryReplay<string, string> Cache(bool resolves) => new(o =>
    {
        if (resolves)
            o.Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
                updates.Set(record.ReadKey<string>(), record.ReadValue<string>());
    });
}
