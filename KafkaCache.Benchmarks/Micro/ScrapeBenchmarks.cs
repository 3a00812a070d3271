using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using KafkaCaching.Diagnostics;
using KafkaCaching.Prometheus;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>A whole scrape, over a new snapshot for each poll, as a cache's are. The baseline is prometheus-net alone: a registry of the
/// same series, whose values nobody sets.</summary>
public class ScrapeBenchmarks : IDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private CollectorRegistry _bare = null!;
    private ServiceProvider _services = null!;
    private IDisposable _registration = null!;

    /// <summary>How many caches the service has.</summary>
    [Params(1, 10)]
    public int Caches { get; set; }

    /// <summary>How many partitions each topic has.</summary>
    [Params(10, 100)]
    public int Partitions { get; set; }

    /// <summary>Registers the caches, and fills the bare registry from what a scrape of them shows.</summary>
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

    /// <summary>Ends the listening.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _registration.Dispose();
        _services.Dispose();
    }

    /// <summary>As many series, in the text format.</summary>
    [Benchmark(Baseline = true)]
    public Task Bare_prometheus_net() => _bare.CollectAndExportAsTextAsync(Stream.Null, ExpositionFormat.PrometheusText);

    /// <summary>In the text format.</summary>
    [Benchmark]
    public Task Text() => _registry.CollectAndExportAsTextAsync(Stream.Null, ExpositionFormat.PrometheusText);

    /// <summary>In OpenMetrics.</summary>
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
