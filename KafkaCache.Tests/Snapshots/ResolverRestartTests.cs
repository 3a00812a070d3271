using KafkaCaching.Generations.Supervision;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Replay.Claims;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>A cache with a resolver that starts from its snapshot knows which record yielded which entries and behaves like a cache that
/// has replayed the whole topic.</summary>
public sealed class ResolverRestartTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real) : IDisposable
{
    private const int Partitions = 3;

    private static readonly string[] Keys = ["a", "b", "c", "d", "e", "f", "g"];

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Entry_comes_back_when_the_record_that_had_won_before_the_restart_no_longer_yields_it()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(topic, At(1, "x", "a=first b=own"), At(2, "y", "a=second"));
        await using (var first = await StartAsync(kafka, topic))
        {
            Assert.Equal("second", first.Get("a"));
            Assert.Equal(2, (await first.WriteSnapshotAsync()).Entries);
        }

        await using var second = await StartAsync(kafka, topic);
        Assert.True(second.Status.Start!.IsWarm, second.Status.Start.Problem);
        Assert.Equal(("second", "own", 1L), (second.Get("a"), second.Get("b"), second.Status.ContestedKeys));

        var last = await kafka.ProduceAsync(topic, At(3, "y", null));
        await second.WaitUntilAppliedAsync(new CachePosition(0, last[0].Offset), TestContext.Current.CancellationToken);
        Assert.Equal(("first", "own", 0L), (second.Get("a"), second.Get("b"), second.Status.ContestedKeys));
    }

    [Fact]
    [Trait("Category", "Long")]
    public Task Warm_and_cold_cache_are_one_through_six_restarts() => PlayAsync(restarts: 6);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Warm_and_cold_cache_are_one_through_three_hundred_restarts() => PlayAsync(restarts: 300);

    private async Task PlayAsync(int restarts)
    {
        var kafka = embedded.Kafka;
        var topic = embedded.CreateTopic(Partitions);
        var random = new Random(unchecked((int)TestSeed.Next()));
        var warmStarts = 0;
        for (var i = 0; i < restarts; i++)
        {
            await kafka.ProduceAsync(topic, Records(random));
            await using var warm = await StartAsync(kafka, topic);
            warmStarts += warm.Status.Start!.IsWarm ? 1 : 0;
            await using var cold = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, Resolve);
            await SameAsync(cold, warm);
            if (random.Next(2) == 0)
                warm.Parts.Replay.Supervisor.Snapshots!.Request(); // It is written while the records arrive.
            await kafka.ProduceAsync(topic, Records(random));
            await SameAsync(cold, warm);
            await warm.WriteSnapshotAsync();
        }

        Assert.Equal(restarts - 1, warmStarts);
    }

    private static async Task SameAsync(KafkaCache<string, string> cold, KafkaCache<string, string> warm)
    {
        await Eventually.TrueAsync(
            () => Text(cold) == Text(warm) && cold.Status.ContestedKeys == warm.Status.ContestedKeys,
            what: $"the warm cache holds what the cold one holds:\n{Text(cold)}\n{Text(warm)}");

        static string Text(KafkaCache<string, string> cache) => string.Join(
            ", ",
            cache.Scan().Select(static pair => $"{pair.Key}={pair.Value.Value} by {pair.Value.Partition}:{pair.Value.Offset}")
                .Order(StringComparer.Ordinal)
                .Append($"at {string.Join(' ', cache.Status.Partitions.Select(static partition => partition.Position))}"));
    }

    private static List<TestRecord> Records(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 60)).Select(_ =>
        {
            var key = random.Next(Keys.Length);
            var yields = string.Join(
                ' ', Enumerable.Range(0, random.Next(0, 4)).Select(_ => $"{Keys[random.Next(Keys.Length)]}={random.Next()}"));
            return At(random.Next(1, 40), Keys[key], random.Next(6) == 0 ? null : yields) with
            {
                Partition = random.Next(4) == 0 ? random.Next(Partitions) : key % Partitions,
            };
        }),
    ];

    private static TestRecord At(int minute, string key, string? value) =>
        TestRecord.Of(key, value) with { Timestamp = new DateTimeOffset(2026, 1, 1, 12, minute, 0, TimeSpan.Zero) };

    private Task<KafkaCache<string, string>> StartAsync(TestKafka kafka, string topic) =>
        TestCaches.ReadyAsync(kafka.BootstrapServers, topic, options =>
        {
            Resolve(options);
            options.Snapshot.Directory = _directory.Path;
            options.Snapshot.MaxAge = TimeSpan.FromMinutes(30); // The mock cluster doesn't report delete.retention.ms.
        });

    private static void Resolve(KafkaCacheOptions<string, string> options) => options.Resolver = ClaimRecord.Resolve;
}
