using System.Diagnostics.Metrics;
using KafkaCaching.Prometheus;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

public sealed class HybridMetricsTests
{
    [Fact]
    public async Task The_bridge_gives_the_metrics_of_a_hybrid_cache_too()
    {
        var topic = new InMemoryTopic(partitions: 1, name: "hybrid-metrics");
        await using var pod = await HybridPod.ReadyAsync(topic, TimeProvider.System);
        var registry = Metrics.NewCustomRegistry();
        using var registration = KafkaCachePrometheus.Register(registry, pod.Services.GetRequiredService<IMeterFactory>());

        await pod.Cache.GetOrCreateAsync(
            "k", static _ => ValueTask.FromResult("v"), cancellationToken: TestContext.Current.CancellationToken);
        await pod.Cache.RemoveByTagAsync("t", TestContext.Current.CancellationToken);

        var scrape = await Scrape.OfAsync(registry);
        Assert.Equal("counter", scrape.Types["kafkacache_hybrid_requests_total"]);
        Assert.Equal("counter", scrape.Types["kafkacache_hybrid_invalidations_total"]);
        Assert.Equal("gauge", scrape.Types["kafkacache_ready"]);
    }
}
