using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promise 6 with a partition that has lost its only replica, so that it has no leader and no in-sync replica.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class OfflinePartitionTests(ThreeNodes nodes)
{
    private const int Home = 3;

    // In this state, Confluent's admin client can't parse the response to DescribeTopics and destroys itself. The check of the topic would
    // hang, and the process would crash when the client is disposed.
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_cache_goes_stale_says_why_and_is_ready_again_when_the_replica_is_back()
    {
        var kafka = await nodes.HealthyAsync();
        var topic = TestKafka.UniqueTopic();
        await kafka.Admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = 2,
                ReplicasAssignments = new Dictionary<int, List<int>> { [0] = [Home], [1] = [1] },
                Configs = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["cleanup.policy"] = "compact", ["min.insync.replicas"] = "1",
                },
            },
        ]);
        await Eventually.TrueAsync(
            () => kafka.ProduceAsync(topic, TestRecord.Of("a", "1") with { Partition = 0 })
                .ContinueWith(static task => task.IsCompletedSuccessfully, TaskScheduler.Default),
            "the topic takes records");
        await using var cache = await TestCaches.ReadyAsync(
            kafka.BootstrapServers, topic, static o => o.StaleAfter = TimeSpan.FromSeconds(3));

        await nodes.KillAsync(Home);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Stale, Reason: not null }, TimeSpan.FromSeconds(90));
        Assert.Equal("1", cache.Get("a"));
        await using (var late = TestCaches.Start(kafka.BootstrapServers, topic, static o => o.ReadyTimeout = TimeSpan.FromMinutes(2)))
        {
            await Eventually.TrueAsync(() => late.Status.Reason is not null, TimeSpan.FromSeconds(60));
            await nodes.StartAsync(Home);
            await late.WaitUntilReadyAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready, TimeSpan.FromSeconds(90));
        await kafka.ProduceAsync(topic, TestRecord.Of("b", "2") with { Partition = 0 });
        await Eventually.TrueAsync(() => cache.Get("b") == "2", TimeSpan.FromSeconds(60));
    }
}
