using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay;

/// <summary>For a key in two partitions, the timestamps of the records decide. Nothing else in the fold depends on time.</summary>
public sealed class LocalClockTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Two_caches_whose_clocks_are_decades_apart_hold_the_same()
    {
        var topic = embedded.CreateTopic(partitions: 2);
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, 60).Select(i => TestRecord.Of($"k{i % 7}", $"v{i}") with
        {
            Partition = i * 5 % 3 % 2,
            Timestamp = time.AddSeconds((i * 37 % 60) - 30),
        }));

        var today = await HashAsync(TimeProvider.System);
        Assert.Equal(today, await HashAsync(new FakeTimeProvider())); // This clock is fixed at the year 2000.

        async Task<string> HashAsync(TimeProvider clock)
        {
            await using var cache = KafkaCache.Create(
                TestCaches.Options<byte[], byte[]>(embedded.BootstrapServers, topic, o => o.TimeProvider = clock));
            await Eventually.TrueAsync(() =>
            {
                (clock as FakeTimeProvider)?.Advance(TimeSpan.FromSeconds(1));
                return cache.Status.Phase == CachePhase.Ready;
            });
            return ContentHash.OfEntries(cache.Scan());
        }
    }
}
