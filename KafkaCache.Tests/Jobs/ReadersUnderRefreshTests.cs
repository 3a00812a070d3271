using System.Collections.Concurrent;
using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Refreshing;
using KafkaCaching.Jobs.Snapshots;
using KafkaCaching.Jobs.Tables;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Readers while versions come: whatever a reader takes is one version, each of whose rows came with the same fetch.</summary>
public sealed class ReadersUnderRefreshTests(RealBrokerFixture real)
{
    private const int Readers = 4;

    // After how many refreshes the soak says how far it is.
    private const int Told = 25;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly PriceSource _source = new();
    private long _reads;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task No_reader_sees_two_versions_or_a_row_that_has_vanished() => RunAsync(refreshes: 18, rows: 2_000, leaderChanges: 2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task A_thousand_refreshes_of_a_hundred_thousand_rows() => RunAsync(refreshes: 1_000, rows: 100_000, leaderChanges: 20);

    [Fact]
    public async Task Without_the_check_of_the_manifest_versions_mix()
    {
        // The same reader on a table that holds half of a version: with the check it serves nothing of it, without it does.
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic("prices");
        await using (var pod = await PricePod.StartAsync(kafka.BootstrapServers, topic, _source))
        {
            var manifest = new Manifest { Version = 2, Count = 3, Hash = new string('0', 32), FetchedAt = DateTimeOffset.UnixEpoch };
            await kafka.ProduceAsync(topic, "sku-0", """{"sku":"sku-0","name":"x","shopId":0,"fetch":2}""");
            await kafka.ProduceAsync(topic, ReservedKeys.Manifest, System.Text.Encoding.UTF8.GetString(manifest.ToBytes()));
            await Eventually.TrueAsync(() => pod.Prices.Status.Problem is not null);
            Assert.Equal((1, "OneVersion"), (pod.Prices.Current.Version, Mix(pod.Prices.Current)));
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
        Assert.Equal("Mixed", Mix(unchecked_.Cache.Current));
    }

    private async Task RunAsync(int refreshes, int rows, int leaderChanges)
    {
        var kafka = await real.ConnectAsync();
        var topic = TestKafka.UniqueTopic("prices");

        // A tenth of the rows vanishes with each version, and others come.
        _source.Rows = fetch => PriceSource.Of(fetch, rows, from: (int)(fetch * (rows / 10)));
        var pods = new List<PricePod>();
        for (var i = 0; i < 3; i++)
            pods.Add(await StartAsync());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task[] readers = [.. Enumerable.Range(0, Readers).Select(i => Task.Run(() => Read(pods, i, rows, over.Token)))];
        var between = refreshes / (leaderChanges + 1);
        for (var i = 1; i <= refreshes; i++)
        {
            await pods[i % pods.Count].Prices.RefreshAsync(Stop);
            if (i % Told == 0)
                TestContext.Current.TestOutputHelper?.WriteLine($"{i} refreshes, {_reads} snapshots read, {_faults.Count} faults");
            if (i % between != 0)
                continue;

            // The leader leaves, and another instance joins.
            var leader = pods.FindIndex(static pod => pod.Prices.Status.IsLeader);
            await using var gone = leader < 0 ? null : pods[leader];
            if (leader >= 0)
                pods[leader] = await StartAsync();
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);
        var last = pods.Max(static pod => pod.Prices.Current.Version);
        Assert.True(last >= refreshes);
        foreach (var pod in pods)
        {
            await Eventually.TrueAsync(() => pod.Prices.Current.Version == last);
            Assert.Equal(pods[0].Prices.Current.Items, pod.Prices.Current.Items);
        }

        foreach (var pod in pods)
            await pod.DisposeAsync();
        Assert.Empty(_faults);
        Assert.True(Interlocked.Read(ref _reads) > refreshes);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_reads} snapshots read over {last} versions");

        async Task<PricePod> StartAsync() => await PricePod.StartAsync(
            kafka.BootstrapServers, topic, _source, o => (o.Store.MemoryBudget, o.SessionTimeout) = (512L << 20, TimeSpan.FromSeconds(6)));
    }

    private void Read(List<PricePod> pods, int reader, int rows, CancellationToken over)
    {
        var versions = new Dictionary<PricePod, long>();
        while (!over.IsCancellationRequested)
        {
            try
            {
                var pod = pods[(reader + (int)(Interlocked.Increment(ref _reads) % pods.Count)) % pods.Count];
                var snapshot = pod.Prices.Current;
                if (Mix(snapshot) != "OneVersion" || snapshot.Count != rows)
                    _faults.Enqueue($"version {snapshot.Version}: {Mix(snapshot)}, {snapshot.Count} rows");
                if (versions.GetValueOrDefault(pod) > snapshot.Version)
                    _faults.Enqueue($"version {snapshot.Version} after {versions[pod]}");
                versions[pod] = snapshot.Version;
            }
            catch (Exception failed)
            {
                _faults.Enqueue(failed.Message);
            }
        }
    }

    private static string Mix(Snapshot<string, Price> snapshot) =>
        snapshot.Items.Select(static one => one.Fetch).Distinct().Count() == 1 && snapshot.Items.Count == snapshot.Keys.Count
            ? "OneVersion"
            : "Mixed";
}
