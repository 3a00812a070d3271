using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;
using KafkaCaching.Tests.Replay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

/// <summary>The responses of prometheus-net's endpoint, with caches in its registry.</summary>
public sealed class MapMetricsTests(EmbeddedBrokerFixture broker)
{
    private const string OpenMetrics = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Fact]
    public async Task Caches_are_shown_beside_the_metrics_of_the_application_in_either_format()
    {
        Metrics.WithCustomRegistry(_registry).CreateCounter("orders_total", "Orders.").Inc(7);
        await using var app = await StartAsync(builder => builder.WebHost.UseTestServer());

        foreach (
            var (accept, value, counter) in new[]
            {
                ("text/plain", "1", "kafkacache_reads_total"), (OpenMetrics, "1.0", "kafkacache_reads"),
            })
        {
            var text = await ScrapeAsync(app, accept);
            Assert.Contains("\norders_total 7", text, StringComparison.Ordinal);
            Assert.Matches($"\nkafkacache_ready\\{{cache=\"mapped\",topic=\"[^\"]+\"\\}} {value}\n", text);
            Assert.Contains($"\n# TYPE {counter} counter\n", text, StringComparison.Ordinal);
            if (Promtool.IsInstalled)
                Assert.Equal((0, ""), await Promtool.CheckAsync(await ScrapeAsync(app, "text/plain")));
        }
    }

    [Fact]
    public async Task A_real_Prometheus_reads_what_it_negotiates_every_type_of_it()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "Needs prometheus on the PATH: Debian's package of that name.");
        var answered = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(
            static builder => builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0"),
            app => app.Use(async (context, next) =>
            {
                await next(context);
                answered.TrySetResult(context.Response.ContentType);
            }));
        var users = app.Services.GetRequiredService<IKafkaCache<string, string>>();
        await users.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(app.Urls.Single()));

        foreach (var (query, expected) in new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["kafkacache_entries{cache=\"mapped\"}"] = 1,
            ["kafkacache_applied_bytes_total{cache=\"mapped\"}"] = 2,
            ["kafkacache_put_duration_seconds_bucket{cache=\"mapped\",le=\"+Inf\"}"] = 1,
            ["kafkacache_put_duration_seconds_count{cache=\"mapped\"}"] = 1,
            ["count(kafkacache_put_duration_seconds_bucket{cache=\"mapped\"})"] = 16,
        })
        {
            IReadOnlyList<PrometheusSample> samples = [];
            await Eventually.TrueAsync(
                async () => (samples = await prometheus.SamplesAsync(query)).Count > 0, $"Prometheus knows {query}",
                TimeSpan.FromSeconds(60));
            Assert.Equal(expected, Assert.Single(samples).Value);
        }

        Assert.StartsWith(
            "application/openmetrics-text", await answered.Task.WaitAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_caches_of_one_name_and_names_of_odd_characters_leave_a_scrape_that_Prometheus_takes()
    {
        await using var app = await StartAsync(builder => builder.WebHost.UseTestServer());
        var topic = broker.CreateTopic(partitions: 3);
        string[] names = ["same", "same", "a\"b\\", "\\", "\\n", "{x=\"1\"} 1", "😀\u2028ü", new string('"', 249), "# EOF"];
        var caches = new List<KafkaCache<string, string>>();
        try
        {
            foreach (var name in names)
            {
                caches.Add(await TestCaches.ReadyAsync(broker.BootstrapServers, topic, options =>
                {
                    options.Name = name;
                    options.ReadOnly = false;
                    options.Store.MemoryBudget = 16 << 20;
                }));
                await caches[^1].PutAsync("a", "1", PutWait.Applied, TestContext.Current.CancellationToken);
            }

            foreach (var accept in new[] { "text/plain", OpenMetrics })
            {
                var text = await ScrapeAsync(app, accept);
                Assert.Distinct(
                    text.Split('\n')
                        .Where(static line => line.StartsWith("kafkacache_", StringComparison.Ordinal))
                        .Select(static line => line[..line.LastIndexOf(' ')]));
                Assert.Contains("kafkacache_ready{cache=\"a\\\"b\\\\\",topic=\"" + topic, text, StringComparison.Ordinal);
                Assert.Contains(
                    "kafkacache_ready{cache=\"" + new StringBuilder().Insert(0, "\\\"", 249) + "\"", text, StringComparison.Ordinal);
            }

            if (Promtool.IsInstalled)
                Assert.Equal((0, ""), await Promtool.CheckAsync(await ScrapeAsync(app, "text/plain")));
        }
        finally
        {
            foreach (var cache in caches)
                await cache.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_scrape_without_a_cache_is_one_that_Prometheus_takes()
    {
        Assert.SkipUnless(Promtool.IsInstalled, "Needs promtool on the PATH: Debian's package prometheus.");
        await using var app = await StartAsync(builder => builder.WebHost.UseTestServer());
        await app.Services.GetRequiredService<IKafkaCache<string, string>>()
            .PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Contains("kafkacache_ready{cache=\"mapped\"", await ScrapeAsync(app, "text/plain"), StringComparison.Ordinal);
        await app.DisposeAsync();

        var after = await Scrape.OfAsync(_registry);

        Assert.DoesNotContain("cache=\"mapped\"", after.Text, StringComparison.Ordinal);
        Assert.Equal((0, ""), await Promtool.CheckAsync(after.Text));
    }

    private async Task<WebApplication> StartAsync(Action<WebApplicationBuilder> configure, Action<WebApplication>? use = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddKafkaCache(
            "mapped",
            TestHosts.Small(broker.BootstrapServers, broker.CreateTopic(), static options => options.ReadOnly = false)).ServeWhenReady();
        builder.Services.AddKafkaCachePrometheus(_registry);
        configure(builder);
        var app = builder.Build();
        use?.Invoke(app);
        app.MapMetrics(settings => settings.Registry = _registry);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<string> ScrapeAsync(WebApplication app, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var client = app.GetTestClient();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
