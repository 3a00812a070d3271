using System.Text;
using KafkaCaching.AspNetCore;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore;

/// <summary>What real caches make of a scrape, whatever they are called and whenever they come and go.</summary>
public sealed class ScrapeOfCachesTests(EmbeddedBrokerFixture broker)
{
    [Fact]
    public async Task Two_caches_of_one_name_and_names_of_odd_characters_leave_a_scrape_that_Prometheus_takes()
    {
        var logs = new ListLoggerFactory();
        await using var app = await StartAsync(logs);
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

            foreach (var accept in new[] { "text/plain", "application/openmetrics-text;version=1.0.0" })
            {
                var text = await ScrapeAsync(app, accept);
                var series = text.Split('\n').Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line[..line.LastIndexOf(' ')]).ToArray();
                Assert.Equal(series.Distinct(StringComparer.Ordinal).Count(), series.Length);
                Assert.Contains("kafkacache_ready{cache=\"a\\\"b\\\\\",topic=\"" + topic, text, StringComparison.Ordinal);
                Assert.Contains("kafkacache_ready{cache=\"" + new StringBuilder().Insert(0, "\\\"", 249) + "\"", text, StringComparison.Ordinal);
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
    public async Task Caches_that_come_and_go_during_scrapes_spoil_none()
    {
        var logs = new ListLoggerFactory();
        await using var app = await StartAsync(logs);
        var topic = broker.CreateTopic();
        using var over = new CancellationTokenSource();
        var scrapes = Task.Run(async () =>
        {
            var count = 0;
            for (; !over.IsCancellationRequested; count++)
                Assert.EndsWith("# EOF\n", await ScrapeAsync(app, "application/openmetrics-text"), StringComparison.Ordinal);
            return count;
        });

        for (var i = 0; i < 20; i++)
        {
            await using var cache = TestCaches.Start(broker.BootstrapServers, topic, options => (options.Name, options.Store.MemoryBudget) = ($"come and go {i}", 16 << 20));
            if (i % 2 == 0)
                await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        }

        await over.CancelAsync();
        Assert.True(await scrapes > 0);
        Assert.DoesNotContain(logs.Logger.Lines, static line => line.Id == 500);
        Assert.DoesNotContain("come and go", await ScrapeAsync(app, "text/plain"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",,,;;;q=q=q")]
    [InlineData("application/openmetrics-text;version=\"1.0.0")]
    [InlineData("*/*;q=9")]
    [InlineData("a/b;charset=\u0001")]
    public async Task Accept_header_that_makes_no_sense_is_answered_with_the_text_format(string accept)
    {
        await using var app = await StartAsync(new ListLoggerFactory());

        Assert.DoesNotContain("\n# EOF", await ScrapeAsync(app, accept), StringComparison.Ordinal);
        Assert.DoesNotContain("\n# EOF", await ScrapeAsync(app, string.Join(',', Enumerable.Repeat(accept, 2_000))), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(ILoggerFactory logs)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(logs);
        var app = builder.Build();
        app.MapKafkaCacheMetrics();
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
