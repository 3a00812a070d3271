using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

public sealed class PartitionGrowthTests(RealBrokerFixture real)
{
    [Fact]
    public async Task Partitions_added_while_the_cache_runs_are_replayed_and_waits_carry_over()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(topic, TestRecord.Of("before", "1") with { Partition = 0 });
        await using var cache = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, static o => o.StaleAfter = TimeSpan.FromSeconds(1));
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 2), TestContext.Current.CancellationToken);

        await kafka.AddPartitionsAsync(topic, total: 3);
        await kafka.ProduceAsync(topic, TestRecord.Of("after", "2") with { Partition = 2 });

        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Partitions.Count: 3 } && cache.Get("after") == "2");
        Assert.Equal("1", cache.Get("before"));
        await kafka.ProduceAsync(topic, TestRecord.Of("later", "3") with { Partition = 0 }, TestRecord.Of("last", "4") with { Partition = 0 });
        await waiting;
        await Eventually.TrueAsync(() => cache.Get("last") == "4");
    }
}
