using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

public sealed class PartitionGrowthTests(RealBrokerFixture real)
{
    [Fact]
    public async Task Partitions_added_while_the_cache_runs_are_replayed_into_what_is_served_and_waits_carry_over()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(topic, TestRecord.Of("before", "1") with { Partition = 0 });
        var stores = 0;
        var options = TestCaches.Options<string, string>(
            kafka.BootstrapServers, topic, static o => o.StaleAfter = TimeSpan.FromSeconds(12));
        await using var cache = KafkaCache<string, string>.Start(options, loggerFactory: null, settings =>
        {
            Interlocked.Increment(ref stores);
            return new FasterStateStore(settings);
        });
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 2), TestContext.Current.CancellationToken);

        await kafka.AddPartitionsAsync(topic, total: 3);
        await kafka.ProduceAsync(topic, TestRecord.Of("after", "2") with { Partition = 2 });

        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Partitions.Count: 3 } && cache.Get("after") == "2");
        Assert.Equal("1", cache.Get("before"));
        await kafka.ProduceAsync(
            topic, TestRecord.Of("later", "3") with { Partition = 0 }, TestRecord.Of("last", "4") with { Partition = 0 });
        await waiting;
        await Eventually.TrueAsync(() => cache.Get("last") == "4");
        Assert.Equal(1, stores);
        Assert.Equal((0, 1), (cache.Status.Rebuilds, cache.Status.ConsumerRecreations));
    }

    // With the default StaleAfter, the topic is checked every five seconds. The wait triggers an earlier check.
    [Fact]
    public async Task A_position_in_a_partition_that_was_just_added_is_waited_for()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await using var cache = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic);

        await kafka.AddPartitionsAsync(topic, total: 2);
        await kafka.ProduceAsync(topic, TestRecord.Of("new", "1") with { Partition = 1 });
        await cache.WaitUntilAppliedAsync(new CachePosition(1, 0), TestContext.Current.CancellationToken);
        Assert.Equal("1", cache.Get("new"));
    }
}
