using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay.Sources;

/// <summary>Caches assign partitions themselves and commit no offsets, so offsets committed by a group of the same name can't change where
/// a cache begins to read. The client requires a group ID and therefore looks up the group's coordinator.</summary>
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

    // Simulates another application that uses the same group ID.
    private static void CommitTheEnd(string bootstrapServers)
    {
        using var stranger = QuietClients.Consumer(bootstrapServers, groupId: "kafkacache");
        stranger.Commit([new TopicPartitionOffset("t", 0, 10), new TopicPartitionOffset("t", 1, 10)]);
    }
}
