using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Replay.Sources;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Without access to librdkafka's queue, a cache can't request leader epochs from the brokers, so it doesn't use its
/// snapshot.</summary>
public sealed class FallbackStartTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Cache_that_cannot_prove_its_snapshot_replays_the_topic_and_says_so()
    {
        using var directory = new TemporaryDirectory();
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await using (var first = await KafkaCache.Create(TestCaches.Options<byte[], byte[]>(embedded.BootstrapServers, topic, Configure))
            .ReadyOrGoneAsync())
            await first.WriteSnapshotAsync();
        await embedded.Kafka.ProduceAsync(topic, "b", "1");

        using var fallback = await FallbackCache.ReadyAsync(embedded.BootstrapServers, topic, NullLogger.Instance, Configure);
        Assert.Equal((ColdStartReason.LogChanged, 2), (fallback.Start!.Reason, fallback.Count));

        void Configure(KafkaCacheOptions<byte[], byte[]> options)
        {
            options.Snapshot.Directory = directory.Path;
            options.Snapshot.MaxAge = TimeSpan.FromMinutes(30);
        }
    }
}
