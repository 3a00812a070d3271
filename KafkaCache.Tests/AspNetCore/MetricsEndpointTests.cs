using System.Diagnostics.Metrics;
using System.Net;
using KafkaCaching.AspNetCore;
using KafkaCaching.AspNetCore.Metrics;
using KafkaCaching.Tests.Brokers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace KafkaCaching.Tests.AspNetCore;

public class MetricsEndpointTests
{
    [Fact]
    public async Task A_scrape_answers_in_the_text_format_with_the_meters_of_the_process_and_of_the_host()
    {
        await using var app = await StartAsync("/metrics");
        using var ofProcess = new Meter(MetricsCollector.MeterName);
        using var ofHost = app.Services.GetRequiredService<IMeterFactory>().Create(MetricsCollector.MeterName);
        ofProcess.CreateObservableGauge("kafkacache.test.process", () => 1);
        ofHost.CreateObservableGauge("kafkacache.test.host", () => 2);

        var response = await app.GetTestClient().GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("\nkafkacache_test_process 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nkafkacache_test_host 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_path_can_be_chosen()
    {
        await using var app = await StartAsync("/internal/scrape");

        var response = await app.GetTestClient().GetAsync(new Uri("/internal/scrape", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Promtool_finds_nothing_in_a_scrape()
    {
        if (!Promtool.IsInstalled)
            Assert.Skip("promtool is not installed (Debian's package prometheus has it).");

        await using var app = await StartAsync("/metrics");
        using var meter = app.Services.GetRequiredService<IMeterFactory>().Create(MetricsCollector.MeterName);
        KeyValuePair<string, object?>[] tags = [new("cache", "a \"quoted\\name\"\n"), new("topic", "users"), new("partition", 0)];
        meter.CreateObservableGauge("kafkacache.lag", () => new Measurement<long>(0, tags), "{record}", "Records between the position and the high watermark.");
        meter.CreateObservableGauge("kafkacache.ready", () => new Measurement<int>(1, tags), "1", "Whether the cache is ready.");
        meter.CreateObservableCounter("kafkacache.records.applied", () => new Measurement<long>(7, tags), "{record}", "Records applied.");
        meter.CreateCounter<long>("kafkacache.record.errors", "{record}", "Records that could not be used.").Add(1, tags);
        meter.CreateHistogram<double>("kafkacache.put.duration", "s", "Time from a put to its acknowledgement.").Record(0.2, tags);
        meter.CreateObservableGauge("kafkacache.memory", () => new Measurement<double>(double.NaN, tags), "By", "Memory of the store.");
        var text = await app.GetTestClient().GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), await Promtool.CheckAsync(text));
    }

    [Fact]
    public async Task A_scraper_that_prefers_OpenMetrics_gets_it()
    {
        await using var app = await StartAsync("/metrics");
        using var meter = app.Services.GetRequiredService<IMeterFactory>().Create(MetricsCollector.MeterName);
        meter.CreateObservableCounter("kafkacache.test.seen", () => 7L, "{record}", "Seen.");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
        request.Headers.Add("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");

        var response = await app.GetTestClient().SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("application/openmetrics-text; version=1.0.0; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Accept", response.Headers.Vary.ToString());
        Assert.Contains("\n# TYPE kafkacache_test_seen counter\nkafkacache_test_seen_total 7\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_real_Prometheus_reads_what_it_negotiates_every_type_of_it()
    {
        if (!PrometheusServer.IsInstalled)
            Assert.Skip("prometheus is not installed (Debian's package prometheus has it).");

        await using var app = Build("/metrics", builder => builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0"));
        var answered = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Use(async (context, next) =>
        {
            await next(context);
            answered.TrySetResult(context.Response.ContentType);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var meter = app.Services.GetRequiredService<IMeterFactory>().Create(MetricsCollector.MeterName);
        KeyValuePair<string, object?>[] tags = [new("cache", "a \"quoted\\name\"\n"), new("partition", 5)];
        meter.CreateObservableGauge("kafkacache.test.memory", () => new Measurement<long>(1, tags), "By", "Memory, \"quoted\"\nand \\.");
        meter.CreateObservableCounter("kafkacache.test.applied", () => new Measurement<long>(2, tags), "By", "Bytes.");
        meter.CreateHistogram<double>("kafkacache.test.duration", "s", "Time.").Record(0.2, tags);
        await using var prometheus = await PrometheusServer.StartAsync(new Uri(app.Urls.Single()));

        foreach (var (query, expected) in new Dictionary<string, double>
        {
            ["kafkacache_test_memory_bytes"] = 1,
            ["kafkacache_test_applied_bytes_total"] = 2,
            ["kafkacache_test_duration_seconds_bucket{le=\"0.25\"}"] = 1,
            ["kafkacache_test_duration_seconds_sum"] = 0.2,
        })
        {
            var samples = new Dictionary<string, double>();
            await Eventually.TrueAsync(async () => (samples = await prometheus.QueryAsync(query)).Count > 0, $"Prometheus knows {query}", TimeSpan.FromSeconds(60));
            Assert.Equal(new KeyValuePair<string, double>("5", expected), Assert.Single(samples));
        }

        Assert.StartsWith("application/openmetrics-text", await answered.Task.WaitAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartAsync(string pattern)
    {
        var app = Build(pattern, builder => builder.WebHost.UseTestServer());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static WebApplication Build(string pattern, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        configure(builder);
        var app = builder.Build();
        app.MapKafkaCacheMetrics(pattern);
        return app;
    }
}
