using System.Diagnostics.Metrics;
using System.Net;
using KafkaCaching.AspNetCore;
using Microsoft.AspNetCore.Builder;
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
        Assert.Equal(PrometheusRenderer.ContentType, response.Content.Headers.ContentType?.ToString());
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

    private static async Task<WebApplication> StartAsync(string pattern)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        var app = builder.Build();
        app.MapKafkaCacheMetrics(pattern);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
