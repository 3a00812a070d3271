using System.Collections.Concurrent;
using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Refreshing;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Concurrent readers and refreshes: every snapshot that a reader gets is one version, whose rows are all from the same
/// fetch.</summary>
public sealed class ReadersUnderRefreshTests(RealBrokerFixture real)
{
    private const int Refreshes = 18;
    private const int Rows = 2_000;
    private const int LeaderChanges = 2;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly PriceSource _source = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_reader_sees_two_versions_or_a_row_that_has_vanished()
    {
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic("prices");

        // In each version, a tenth of the rows is replaced by others.
        _source.Rows = static fetch => PriceSource.Of(fetch, Rows, from: (int)(fetch * (Rows / 10)));
        var pods = new List<PricePod>();
        for (var i = 0; i < 3; i++)
            pods.Add(await StartAsync());
        using var readers = new PriceReaders(4, Rows, i => pods[i % pods.Count].Prices, _faults.Enqueue);
        for (var i = 1; i <= Refreshes; i++)
        {
            await pods[i % pods.Count].Prices.RefreshAsync(Stop);
            if (i % (Refreshes / (LeaderChanges + 1)) != 0)
                continue;

            // Replaces the leader with a new instance.
            var leader = pods.FindIndex(static pod => pod.Prices.Status.IsLeader);
            await using var gone = leader < 0 ? null : pods[leader];
            if (leader >= 0)
                pods[leader] = await StartAsync();
        }

        readers.Stop();
        var last = pods.Max(static pod => pod.Prices.Current.Version);
        Assert.True(last >= Refreshes);
        foreach (var pod in pods)
        {
            await Eventually.TrueAsync(() => pod.Prices.Current.Version == last);
            Assert.Equal(pods[0].Prices.Current.Items, pod.Prices.Current.Items);
        }

        foreach (var pod in pods)
            await pod.DisposeAsync();
        Assert.Empty(_faults);
        Assert.True(readers.Reads > Refreshes);

        async Task<PricePod> StartAsync() => await PricePod.StartAsync(
            kafka.BootstrapServers, topic, _source, static o => o.SessionTimeout = TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Without_the_check_of_the_manifest_versions_mix()
    {
        // Reads a table that contains half of a version. A reader with the check does not serve it, and a reader without the check does.
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic("prices");
        await using (var pod = await PricePod.StartAsync(kafka.BootstrapServers, topic, _source))
        {
            var manifest = new Manifest { Version = 2, Count = 3, Hash = new string('0', 32), FetchedAt = DateTimeOffset.UnixEpoch };
            await kafka.ProduceAsync(topic, "sku-0", """{"sku":"sku-0","name":"x","shopId":0,"fetch":2}""");
            await kafka.ProduceAsync(topic, ReservedKeys.Manifest, System.Text.Encoding.UTF8.GetString(manifest.ToBytes()));
            await Eventually.TrueAsync(() => pod.Prices.Status.Problem is not null);
            Assert.Equal((1, "OneVersion"), (pod.Prices.Current.Version, PriceReaders.Mix(pod.Prices.Current)));
        }

        var table = TestOptions.For<string, TableValue>(kafka.BootstrapServers, topic);
        TableOptions.ApplyTo(table);
        await using var cache = KafkaCache.Create(table);
        var options = new RefreshedCacheOptions<string, Price>
        {
            BootstrapServers = kafka.BootstrapServers, Key = static one => one.Sku, Every = TimeSpan.FromHours(1),
        };
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var unchecked_ = new RefreshedCacheParts<string, Price>(
            "prices", options, cache, services.GetRequiredService<IServiceScopeFactory>(), TimeProvider.System, meters: null,
            NullLoggerFactory.Instance, isWhole: static (_, _) => true);
        unchecked_.Read();
        await unchecked_.Cache.WaitUntilReadyAsync(Stop);
        Assert.Equal("Mixed", PriceReaders.Mix(unchecked_.Cache.Current));
    }
}
