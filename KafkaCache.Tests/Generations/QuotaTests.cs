using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Generations;

/// <summary>A broker that throttles a client because of a quota reports this, so the client must not treat it as stalled.</summary>
[Collection(nameof(ProxiedKafkaTests))]
public sealed class QuotaTests(ProxiedKafka kafka)
{
    private const int Records = 20_000;

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_replay_under_a_quota_of_1_MB_a_second_keeps_its_consumer()
    {
        await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 12);
        var padding = new string('x', 1_000);
        await kafka.Direct.ProduceAsync(
            topic, Enumerable.Range(0, Records).Select(i => TestRecord.Of($"{i}", padding) with { Partition = i % 12 }));
        var options = TestOptions.For(kafka.Direct.BootstrapServers, topic);
        options.Client = new() { ClientId = "held-back" };
        options.StaleAfter = TimeSpan.FromSeconds(6);
        options.ReadyTimeout = TimeSpan.FromMinutes(2);
        await SetQuotaAsync("--add-config", "consumer_byte_rate=1000000");
        using var loggers = new ListLoggerFactory();
        try
        {
            await using var cache = KafkaCache.Create(options, loggers);
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

            Assert.Equal(Records, cache.Count);
            // The broker allows a burst of ten seconds of the quota.
            Assert.InRange(cache.Status.TimeToReady!.Value, TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(1));
            Assert.Equal(0, cache.Status.ConsumerRecreations);
            Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id is 102 or 208 or 240);
        }
        finally
        {
            await SetQuotaAsync("--delete-config", "consumer_byte_rate");
        }
    }

    private Task<string> SetQuotaAsync(string change, string quota) => RealBrokerFixture.RequireRelease().RunAsync(
        "kafka-configs.sh",
        [
            "--bootstrap-server", kafka.Direct.BootstrapServers, "--alter", change, quota, "--entity-type", "clients", "--entity-name",
            "held-back",
        ],
        cancellationToken: TestContext.Current.CancellationToken);
}
