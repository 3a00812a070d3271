using System.Text;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay;

/// <summary>A key that a resolver yields moves from one record key to another, in eight partitions. A cache that runs all the time must
/// have the same content as caches that start later and read the partitions in any order. There are no bad records.</summary>
public sealed class MovedKeyTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private const int Pairs = 24;
    private const int Partitions = 8;
    private const int ColdCaches = 10;

    [Fact]
    public Task Caches_agree_on_who_has_it_on_the_embedded_broker() => AgreeAsync(embedded.Kafka, embedded.CreateTopic(Partitions));

    [Fact]
    public async Task Caches_agree_on_who_has_it_on_a_real_broker()
    {
        var kafka = await real.ConnectAsync();
        await AgreeAsync(kafka, await kafka.CreateTopicAsync(Partitions));
    }

    private static async Task AgreeAsync(TestKafka kafka, string topic)
    {
        await using var warm = await ReadyAsync(kafka, topic);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Pairs).SelectMany(Moves));
        await Eventually.TrueAsync(() => warm.Status.RecordsApplied == 3 * Pairs);
        HoldsTheMoves(warm);
        for (var cold = 0; cold < ColdCaches; cold++)
        {
            await using var cache = await ReadyAsync(kafka, topic);
            HoldsTheMoves(cache);
        }
    }

    // Alice yields x and then y, and Bob then yields x. In every second pair, Bob yields x before Alice yields y, so that both yield x for
    // some time.
    private static IEnumerable<TestRecord> Moves(int pair)
    {
        var start = DateTimeOffset.UnixEpoch.AddSeconds(pair);
        var taken = TestRecord.Of($"alice{pair}", $"x{pair}") with { Timestamp = start };
        var moved = TestRecord.Of($"alice{pair}", $"y{pair}");
        var follows = TestRecord.Of($"bob{pair}", $"x{pair}");
        var (second, third) = pair % 2 == 0 ? (moved, follows) : (follows, moved);
        return [taken, second with { Timestamp = start.AddMilliseconds(20) }, third with { Timestamp = start.AddMilliseconds(40) }];
    }

    private static void HoldsTheMoves(KafkaCache<string, string> cache)
    {
        Assert.Equal(
            Enumerable.Range(0, Pairs).Select(static pair => ($"bob{pair}", $"alice{pair}")),
            Enumerable.Range(0, Pairs).Select(pair => (cache.Get($"x{pair}")!, cache.Get($"y{pair}")!)));
        Assert.Equal((2L * Pairs, 0, 0), (cache.Count, cache.Status.RecordErrors, cache.Status.ContestedKeys));
    }

    private static Task<KafkaCache<string, string>> ReadyAsync(TestKafka kafka, string topic) =>
        TestCaches.ReadyAsync(kafka.BootstrapServers, topic, static options => options.Resolver = ByValue);

    private static void ByValue(in CacheRecord record, ICacheUpdates<string, string> updates) =>
        updates.Set(record.ReadValue<string>(), Encoding.UTF8.GetString(record.KeyBytes));
}
