using KafkaCaching.Prometheus;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

/// <summary>Compares OpenTelemetry's exporter for Prometheus with the bridge.</summary>
public sealed class OpenTelemetryTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task OpenTelemetrys_exporter_gives_the_meter_the_names_and_types_that_the_bridge_gives()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("KafkaCache").AddPrometheusExporter().Build();
        await using var app = builder.Build();
        app.MapPrometheusScrapingEndpoint(path: null, provider, configureBranchedPipeline: null, optionsName: null);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var meters = new OwnMeterFactory();
        var registry = Metrics.NewCustomRegistry();
        using var registration = KafkaCachePrometheus.Register(registry, meters);
        var options = TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic());
        options.MeterFactory = meters;
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        var exported = new Scrape(
            await app.GetTestClient().GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));

        var bridged = await Scrape.OfAsync(registry);
        var ofTheCache = bridged.TypesOf(cache.Name);
        Assert.Equal(27, ofTheCache.Count);
        Assert.Equal(ofTheCache, exported.TypesOf(cache.Name));
    }
}
