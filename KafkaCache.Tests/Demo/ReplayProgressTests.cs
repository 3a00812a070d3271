using KafkaCaching.Demo.Terminals;
using Xunit;

namespace KafkaCaching.Tests.Demo;

public class ReplayProgressTests
{
    private static readonly CacheStatus Replaying = new()
    {
        Phase = CachePhase.Replaying,
        Progress = 0.456,
        EstimatedTimeToReady = TimeSpan.FromSeconds(2.2),
        Entries = 900,
        MemoryBytes = 1,
        RecordsApplied = 12345,
        RecordErrors = 0,
        Partitions = [],
    };

    [Fact]
    public void A_replay_tells_how_far_it_is() =>
        Assert.Equal("46 %, 12,345 records, ready in about 3 s", ReplayProgress.Describe(Replaying with { Reason = "partition 0 is behind" }, isStalled: false));

    [Fact]
    public void A_replay_that_stands_still_tells_what_it_waits_for() =>
        Assert.Equal(
            "99 %, 12,345 records: partition 0 waits for a transaction",
            ReplayProgress.Describe(Replaying with { Progress = 0.99, EstimatedTimeToReady = null, Reason = "partition 0 waits for a transaction" }, isStalled: true));

    [Fact]
    public void A_ready_cache_tells_how_many_entries_it_has() =>
        Assert.Equal("ready, 900 entries", ReplayProgress.Describe(Replaying with { Phase = CachePhase.Ready, Progress = 1 }, isStalled: false));
}
