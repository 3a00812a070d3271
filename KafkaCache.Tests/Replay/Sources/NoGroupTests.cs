using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>Partitions are assigned, never balanced, and no offset is committed: what a group remembers can't make a cache begin anywhere
/// but at the log start. The client looks for the group's coordinator by itself, because it demands a group's name.</summary>
public sealed class NoGroupTests
{
    [Fact]
    public async Task A_cache_and_its_successor_join_no_group_and_begin_at_the_log_start()
    {
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t", partitions: 2);
        await kafka.ProduceAsync("t", Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"k{i}", "v")));
        CommitTheEnd(broker.BootstrapServers);
        broker.StartRequestTracking();

        for (var life = 0; life < 2; life++)
        {
            await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, "t");
            Assert.Equal(20, cache.Count);
        }

        Assert.True(broker.CountRequests(KafkaApi.Fetch) > 0);
        foreach (var api in new[] { KafkaApi.JoinGroup, KafkaApi.OffsetCommit, KafkaApi.OffsetFetch })
            Assert.True(broker.CountRequests(api) == 0, $"{api}");
    }

    // As somebody with the group's name may have done.
    private static void CommitTheEnd(string bootstrapServers)
    {
        using var stranger = QuietClients.Consumer(bootstrapServers, groupId: "kafkacache");
        stranger.Commit([new TopicPartitionOffset("t", 0, 10), new TopicPartitionOffset("t", 1, 10)]);
    }
}
