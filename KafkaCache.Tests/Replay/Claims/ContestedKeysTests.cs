using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>Keys that the records of several record keys yield.</summary>
public sealed class ContestedKeysTests
{
    [Theory]
    [InlineData(0, 10, 0, 20, 's')]
    [InlineData(0, 20, 0, 10, 'r')]
    [InlineData(1, 10, 0, 10, 'r')]
    [InlineData(0, 10, 0, 10, 's')]
    [InlineData(2, 10, 0, 11, 's')]
    public void The_later_timestamp_wins_then_the_higher_partition_then_the_higher_offset(
        int partitionOfR, long timeOfR, int partitionOfS, long timeOfS, char winner)
    {
        var r = Records.Of("r", "x=r", 3, partitionOfR, timeOfR);
        var s = Records.Of("s", "x=s", 4, partitionOfS, timeOfS);
        using var one = Cache();
        using var other = Cache();
        one.Apply(r, s);
        other.Apply(s, r);

        Assert.Equal($"{winner}", one.Get("x"));
        Assert.Equal(one.Entry("x"), other.Entry("x"));
        Assert.Equal((1, 1, 1, 0), (one.ContestedKeys, other.ContestedKeys, one.Count, one.RecordErrors));
        Assert.Equal(one.ContestedBytes, other.ContestedBytes);
        Assert.Equal(0, one.KeysSeenInTwoPartitions); // This counter is for record keys.
    }

    [Fact]
    public void A_released_key_falls_to_the_next_claimant_with_its_own_position_and_timestamp()
    {
        using var cache = Cache();
        cache.Apply(
            Records.Of("oldest", "x=1", 7, partition: 2, timestampMs: 10), Records.Of("older", "x=2", 8, partition: 1, timestampMs: 20),
            Records.Of("newest", "x=3", 9, partition: 0, timestampMs: 30), Records.Of("newest", "y=3", 10, partition: 0, timestampMs: 40));
        Assert.Equal(new CacheEntry<string>("2", 1, 8, DateTimeOffset.FromUnixTimeMilliseconds(20)), cache.Entry("x"));
        Assert.Equal("3", cache.Get("y"));
        Assert.Equal(1, cache.ContestedKeys);

        cache.Apply(Records.Of("older", null, 11, partition: 1, timestampMs: 50));
        Assert.Equal(new CacheEntry<string>("1", 2, 7, DateTimeOffset.FromUnixTimeMilliseconds(10)), cache.Entry("x"));
        Assert.Equal(0, cache.ContestedKeys);

        cache.Apply(Records.Of("oldest", null, 12, partition: 2, timestampMs: 60));
        Assert.Null(cache.Entry("x"));
        Assert.Equal(["y"], cache.Content().Keys);
    }

    [Fact]
    public void A_claimant_that_lost_and_releases_its_claim_leaves_the_entry_alone()
    {
        using var cache = Cache();
        cache.Apply(
            Records.Of("r", "x=1", 0, timestampMs: 10), Records.Of("s", "x=2", 1, timestampMs: 20),
            Records.Of("r", null, 2, timestampMs: 30));
        Assert.Equal((1, "2"), (cache.Entry("x")!.Value.Offset, cache.Get("x")));
        Assert.Equal(0, cache.ContestedKeys);
    }

    [Fact]
    public void A_record_that_goes_back_in_time_loses_the_key_and_the_next_takes_it()
    {
        using var cache = Cache();
        cache.Apply(
            Records.Of("r", "x=1", 0, timestampMs: 30), Records.Of("s", "x=2", 1, timestampMs: 20),
            Records.Of("r", "x=3", 2, timestampMs: 10));
        Assert.Equal("2", cache.Get("x"));
        cache.Apply(Records.Of("s", null, 3, timestampMs: 40));
        Assert.Equal("3", cache.Get("x"));
    }

    [Fact]
    public void A_thousand_claimants_of_one_key_take_their_turns()
    {
        const int Claimants = 1_000;
        using var cache = Cache();
        var random = new Random(1);
        var times = Enumerable.Range(0, Claimants).ToArray();
        random.Shuffle(times);
        cache.Apply([.. times.Select(static (time, i) => Records.Of($"r{time}", $"x={time}", i, timestampMs: time))]);
        for (var left = Claimants - 1; left > 0; left--)
        {
            Assert.Equal($"{left}", cache.Get("x"));
            cache.Apply(Records.Of($"r{left}", null, Claimants + left));
        }

        Assert.Equal((0, 1), (cache.ContestedKeys, cache.Count));
    }

    [Fact]
    public void What_lost_costs_memory_only_for_as_long_as_it_is_contested()
    {
        using var cache = Cache();
        cache.Apply([.. Enumerable.Range(0, 100).Select(static i => Records.Of($"r{i}", $"k{i}={new string('v', 1_000)}", i))]);
        Assert.Equal((0, 0), (cache.ContestedKeys, cache.ContestedBytes));

        cache.Apply([.. Enumerable.Range(0, 10).Select(static i => Records.Of($"s{i}", $"k{i}=1", 100 + i, timestampMs: 2_000))]);
        Assert.Equal(10, cache.ContestedKeys);
        Assert.InRange(cache.ContestedBytes, 10 * 1_000, 10 * 1_500);

        cache.Apply([.. Enumerable.Range(0, 10).Select(static i => Records.Of($"s{i}", $"z{i}=1", 200 + i, timestampMs: 3_000))]);
        Assert.Equal((0, 0), (cache.ContestedKeys, cache.ContestedBytes));
    }

    [Fact]
    public void The_judge_of_mutations_sees_what_becomes_of_a_contested_key_and_nothing_where_it_stays()
    {
        var seen = new List<string>();
        using var cache = Cache(o => o.ValidateMutation = (in CacheMutation<string, string> m) =>
        {
            seen.Add($"{m.Key}: {m.Previous ?? "-"} to {m.Next ?? "-"}");
            return true;
        });
        cache.Apply(
            Records.Of("r", "x=1", 0, timestampMs: 20), Records.Of("s", "x=2", 1, timestampMs: 10),
            Records.Of("r", "y=3", 2, timestampMs: 30), Records.Of("s", null, 3));
        Assert.Equal(["x: - to 1", "y: - to 3", "x: 1 to 2", "x: 2 to -"], seen);
    }

    [Fact]
    public void A_refused_mutation_changes_nothing_of_a_contested_key()
    {
        using var cache = Cache(static o =>
        {
            o.OnRecordError = RecordErrorPolicy.Skip;
            o.ValidateMutation = static (in CacheMutation<string, string> m) => m.Next != "2";
        });
        cache.Apply(
            Records.Of("s", "y=0", 0, timestampMs: 1), Records.Of("r", "x=1", 1, timestampMs: 20),
            Records.Of("s", "x=2", 2, timestampMs: 10), Records.Of("r", null, 3, timestampMs: 30));
        Assert.Equal((1, "1", 1), (cache.RecordErrors, cache.Get("x"), cache.ContestedKeys));
    }

    private static MemoryReplay<string, string> Cache(Action<KafkaCacheOptions<string, string>>? configure = null) => new(o =>
    {
        configure?.Invoke(o);
        o.Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
        {
            foreach (var pair in record.ReadValue<string>().Split(' '))
                updates.Set(pair.Split('=')[0], pair.Split('=')[1]);
        };
    });
}
