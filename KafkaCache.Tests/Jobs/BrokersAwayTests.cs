using System.Diagnostics;
using System.Text;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Jobs;

/// <summary>The test's own Kafka is killed for longer than the session timeout, and started again.</summary>
public sealed class BrokersAwayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task Reads_continue_nobody_leads_and_the_schedule_continues_when_the_brokers_are_back() => GoOnAsync(TimeSpan.Zero);

    [Fact]
    [Trait("Category", "Soak")]
    public Task The_same_holds_after_a_minute() => GoOnAsync(TimeSpan.FromMinutes(1));

    /// <param name="atLeast">The minimum duration of the outage. It always exceeds the session timeout.</param>
    private static async Task GoOnAsync(TimeSpan atLeast)
    {
        await using var kafka = await RealKafka.StartAsync(new RealKafkaOptions { Release = RealBrokerFixture.RequireRelease() }, Stop);
        var source = new PriceSource();
        var topic = TestKafka.UniqueTopic("prices");
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await Eventually.TrueAsync(() => second.Prices.Current.Version >= 2);

        await kafka.KillAsync(cancellationToken: Stop);
        var killed = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => !first.Prices.Status.IsLeader && !second.Prices.Status.IsLeader, Patience);
        var version = Math.Max(first.Prices.Current.Version, second.Prices.Current.Version);
        Assert.NotNull(first.Prices.Current.Find("sku-0"));
        Assert.NotNull(second.Prices.Current.Find("sku-0"));
        while (Stopwatch.GetElapsedTime(killed) < atLeast)
        {
            Assert.Equal("sku-0", first.Prices.Current.Find("sku-0")?.Sku);
            Assert.Equal("sku-0", second.Prices.Current.Find("sku-0")?.Sku);
            await Task.Delay(50, Stop); // Spreads the reads over the outage.
        }

        var asked = second.Prices.RefreshAsync(Stop);
        await kafka.StartNodeAsync(cancellationToken: Stop);
        await Eventually.TrueAsync(
            () => first.Prices.Current.Version > version && second.Prices.Current.Version > version, Patience);
        await asked;
        Assert.Single(new[] { first, second }, static pod => pod.Prices.Status.IsLeader);
        Assert.Equal(3, second.Prices.Current.Count);
        using var reader = new TestKafka(kafka.BootstrapServers);
        var versions = (await reader.ReadAllAsync(topic))
            .Where(static record => Encoding.UTF8.GetString(record.Message.Key!) == ReservedKeys.Manifest)
            .Select(static record => Manifest.Of(record.Message.Value!).Version)
            .ToList();
        Assert.Equal(versions.Distinct().Order(), versions);

        Task<PricePod> StartAsync() => PricePod.StartAsync(
            kafka.BootstrapServers, topic, source, static o =>
                (o.Every, o.ReplicationFactor, o.RefreshTimeout) = (TimeSpan.FromSeconds(1), 1, TimeSpan.FromMinutes(5)));
    }
}
