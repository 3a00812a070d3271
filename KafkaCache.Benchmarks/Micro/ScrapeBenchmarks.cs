using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Prometheus;
using KafkaCaching.Replay.Errors;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>Measures a whole scrape. Each poll creates a new status, as with a real cache. The baseline is prometheus-net alone: a registry
/// with the same series, whose values never change.</summary>
public class ScrapeBenchmarks : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private CollectorRegistry _bare = null!;
    private ServiceProvider _services = null!;
    private IDisposable _registration = null!;

    /// <summary>The number of caches of the service.</summary>
    [Params(1, 10)]
    public int Caches { get; set; }

    /// <summary>The number of partitions of each topic.</summary>
    [Params(10, 100)]
    public int Partitions { get; set; }

    /// <summary>Registers the caches, and fills the bare registry from a scrape of them.</summary>
    [GlobalSetup]
    public async Task SetUp()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        _registration = KafkaCachePrometheus.Register(_registry, factory);
        var metrics = CacheMetrics.For(factory);
        for (var number = 0; number < Caches; number++)
            _ = metrics.Add($"cache-{number}", $"topic-{number}", Status, new ReadCounts());
        _bare = await BareRegistry.LikeAsync(_registry);
    }

    /// <summary>Stops listening to the meters.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _registration.Dispose();
        _services.Dispose();
    }

    /// <summary>Scrapes the same number of series in the text format.</summary>
    [Benchmark(Baseline = true)]
    public Task Bare_prometheus_net() => _bare.CollectAndExportAsTextAsync(Stream.Null, ExpositionFormat.PrometheusText);

    /// <summary>Scrapes the caches in the text format.</summary>
    [Benchmark]
    public Task Text() => _registry.CollectAndExportAsTextAsync(Stream.Null, ExpositionFormat.PrometheusText);

    /// <summary>Scrapes the caches in the OpenMetrics format.</summary>
    [Benchmark]
    public Task OpenMetrics() => _registry.CollectAndExportAsTextAsync(Stream.Null, ExpositionFormat.OpenMetricsText);

    private CacheStatus Status()
    {
        var partitions = new PartitionStatus[Partitions];
        for (var partition = 0; partition < partitions.Length; partition++)
            partitions[partition] = new PartitionStatus
            {
                Partition = partition, LogStart = 0, Position = 1_234_567, Target = 0, LastStableOffset = 0, HighWatermark = 1_234_890,
            };
        return new CacheStatus
        {
            Phase = CachePhase.Ready,
            Progress = 1,
            Entries = 1_000_000,
            MemoryBytes = 300 << 20,
            RecordsApplied = 123_456_789,
            RecordErrors = 0,
            Partitions = partitions,
        };
    }
}
