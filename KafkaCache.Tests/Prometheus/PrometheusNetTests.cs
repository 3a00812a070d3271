using System.Text.RegularExpressions;
using KafkaCaching.Prometheus;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Deploy;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Snapshots;
using KafkaCaching.Tests.Store;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

/// <summary>Real caches in a registry of prometheus-net.</summary>
public sealed partial class PrometheusNetTests(EmbeddedBrokerFixture embedded) : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly OwnMeterFactory _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Names_types_and_labels_are_those_of_the_docs()
    {
        using var registration = KafkaCachePrometheus.Register(_registry, _meters);
        var options = Options("scraped", embedded.CreateTopic());
        options.Indexes.AddUnique("whole", static value => value);
        using var directory = new TemporaryDirectory();
        options.Snapshot.Directory = directory.Path;
        options.Snapshot.MaxAge = TimeSpan.FromHours(1); // The embedded broker doesn't report delete.retention.ms.
        await using (var first = KafkaCache.Create(options))
        {
            await first.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            await first.WriteSnapshotAsync();
        }

        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        // A cache that spills has no snapshots.
        var spilling = Options("scraped", embedded.CreateTopic());
        spilling.Store.SpillDirectory = directory.Path;
        await using var spills = KafkaCache.Create(spilling);
        await spills.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        var scrape = await ScrapeAsync();

        var documented = Row().Matches(DeployFiles.Doc("metrics.md")).ToDictionary(
            static row => row.Groups["name"].Value,
            static row => (Type: TypeOf(row), Labels: LabelsOf(row)),
            StringComparer.Ordinal);
        Assert.Equal(
            documented.Select(static one => (one.Key, one.Value.Type)).Order(),
            scrape.Types.Where(static one => !OtherMeters.Have(one.Key)).Select(static one => (one.Key, one.Value)).Order());
        foreach (var (name, (type, labels)) in documented)
        {
            var ofName = Mine(scrape).Where(sample => sample.Name == (type is "histogram" ? name + "_count" : name)).ToArray();
            Assert.NotEmpty(ofName);
            Assert.All(ofName, sample => Assert.Equal(labels, sample.LabelNames));
        }
    }

    [Fact]
    public async Task Durations_have_the_boundaries_that_the_instruments_advise()
    {
        using var registration = KafkaCachePrometheus.Register(_registry, _meters);
        await using var cache = await ReadyAsync("scraped");
        await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        string[] expected = [
            "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "+Inf",
        ];
        foreach (var name in (string[])["kafkacache_put_duration_seconds_bucket", "kafkacache_apply_wait_duration_seconds_bucket"])
            Assert.Equal(
                expected,
                Mine(await ScrapeAsync())
                    .Where(sample => sample.Name == name)
                    .Select(static sample => sample.Labels.Split("le=\"")[1].TrimEnd('"')));
    }

    [Fact]
    public async Task What_happened_before_the_first_scrape_is_counted()
    {
        using var registration = KafkaCachePrometheus.Register(_registry, _meters);
        await using var cache = await ReadyAsync("scraped");
        for (var i = 0; i < 3; i++)
            await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);
        cache.Get("k");

        var scrape = await ScrapeAsync();

        Assert.Equal(3, scrape.Value("kafkacache_put_duration_seconds_count", "cache=\"scraped\""));
        Assert.Equal(3, scrape.Value("kafkacache_records_applied_total", "cache=\"scraped\""));
        Assert.Equal(1, scrape.Value("kafkacache_reads_total", "cache=\"scraped\",topic=\"" + cache.Topic + "\",result=\"hit\""));
    }

    [Fact]
    public async Task Caches_without_a_meter_factory_are_shown_beside_those_of_one()
    {
        using var registration = KafkaCachePrometheus.Register(_registry, _meters);
        await using var ours = await ReadyAsync("ours");
        await using var processes = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()));
        await processes.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        var scrape = await ScrapeAsync();

        Assert.Equal(1, scrape.Value("kafkacache_ready", ours.Topic));
        Assert.Equal(1, scrape.Value("kafkacache_ready", processes.Topic));
    }

    [Fact]
    public async Task A_disposed_cache_leaves_no_series_and_one_created_again_between_two_scrapes_does_not_decrease_a_counter()
    {
        using var registration = KafkaCachePrometheus.Register(_registry, _meters);
        var topic = embedded.CreateTopic();
        var cache = await ReadyAsync("scraped", topic);
        for (var i = 0; i < 5; i++)
            await cache.PutAsync($"k{i}", "v", PutWait.Applied, TestContext.Current.CancellationToken);
        cache.Get("k1");
        cache.Get("k1");
        var before = await ScrapeAsync();
        await cache.DisposeAsync();
        cache = await ReadyAsync("scraped", topic);
        cache.Get("k1");

        var after = await ScrapeAsync();
        Assert.Equal(2, before.Value("kafkacache_reads_total", "cache=\"scraped\",topic=\"" + topic + "\",result=\"hit\""));
        Assert.Equal(3, after.Value("kafkacache_reads_total", "cache=\"scraped\",topic=\"" + topic + "\",result=\"hit\""));
        Assert.Equal(5, after.Value("kafkacache_put_duration_seconds_count", "cache=\"scraped\""));
        Assert.Equal(1, after.Value("kafkacache_ready", "cache=\"scraped\""));

        await cache.DisposeAsync();
        Assert.Empty(Mine(await ScrapeAsync()));
    }

    // Covers the race conditions in counting puts: the first put of a cache during a scrape, a scrape during the creation of a cache, and
    // caches that are disposed meanwhile.
    [Fact]
    [Trait("Category", "Long")]
    public async Task Puts_beside_scrapes_and_caches_that_come_and_go_are_counted_exactly()
    {
        const int Puts = 40;
        using var registration = KafkaCachePrometheus.Register(_registry, _meters);
        using var over = new CancellationTokenSource();
        var scraping = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var seen = 0.0;
            for (var scrape = 0; !over.IsCancellationRequested; scrape++)
            {
                var series = (await ScrapeAsync()).Samples.Select(static sample => sample.Name + sample.Labels).ToArray();
                Assert.Distinct(series);
                seen += series.Length;
            }

            return seen;
        })));
        for (var round = 0; round < 10; round++)
        {
            await using var leaves = KafkaCache.Create(Options("leaves", embedded.CreateTopic()));
            await using var stays = KafkaCache.Create(Options($"stays {round}", embedded.CreateTopic()));
            await leaves.DisposeAsync();
            await Task.WhenAll(
                Enumerable.Range(0, Puts)
                    .Select(i => stays.PutAsync($"k{i}", "v", cancellationToken: TestContext.Current.CancellationToken)));

            Assert.Equal(Puts, (await ScrapeAsync()).Value("kafkacache_put_duration_seconds_count", $"cache=\"stays {round}\""));
        }

        await over.CancelAsync();
        Assert.All(await scraping, static seen => Assert.True(seen > 0));
    }

    private async Task<KafkaCache<string, string>> ReadyAsync(string name, string? topic = null)
    {
        var cache = KafkaCache.Create(Options(name, topic ?? embedded.CreateTopic()));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return cache;
    }

    private KafkaCacheOptions<string, string> Options(string name, string topic)
    {
        var options = TestOptions.For(embedded.BootstrapServers, topic);
        options.Name = name;
        options.MeterFactory = _meters;
        return options;
    }

    private Task<Scrape> ScrapeAsync() => Scrape.OfAsync(_registry);

    private static IEnumerable<ScrapedSample> Mine(Scrape scrape) => scrape.With("cache", "scraped");

    private static string TypeOf(Match row) =>
        row.Groups["name"].Value.EndsWith("_total", StringComparison.Ordinal) ? "counter"
        : row.Groups["text"].Value.StartsWith("histogram:", StringComparison.Ordinal) ? "histogram"
        : "gauge";

    private static string[] LabelsOf(Match row) =>
        ["cache", "topic", .. row.Groups["tags"].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries)];

    [GeneratedRegex(
        @"^\| `kafkacache\.[a-z_.]+` \| `(?<name>\w+)` \| (?<tags>[\w, ]*?) ?\| (?<text>.*) \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
