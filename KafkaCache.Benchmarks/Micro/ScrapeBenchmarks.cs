using System.Buffers;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using KafkaCaching.AspNetCore.Metrics;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>A whole scrape: every instrument of every cache polled and rendered, over snapshots made anew at each poll, as a cache's are.</summary>
public class ScrapeBenchmarks : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private ServiceProvider _services = null!;
    private MetricsCollector _collector = null!;

    /// <summary>How many caches the service has.</summary>
    [Params(1, 10)]
    public int Caches { get; set; }

    /// <summary>How many partitions each topic has.</summary>
    [Params(10, 100)]
    public int Partitions { get; set; }

    /// <summary>Registers the caches.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        var metrics = CacheMetrics.For(factory);
        for (var number = 0; number < Caches; number++)
            _ = metrics.Add($"cache-{number}", $"topic-{number}", Status, new ReadCounts());
        _collector = new MetricsCollector(factory, NullLogger.Instance);
    }

    /// <summary>Ends the listening.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _collector.Dispose();
        _services.Dispose();
    }

    /// <summary>In the text format.</summary>
    [Benchmark(Baseline = true)]
    public int Text() => Scrape(ExpositionFormat.Text);

    /// <summary>In OpenMetrics.</summary>
    [Benchmark]
    public int OpenMetrics() => Scrape(ExpositionFormat.OpenMetrics);

    private int Scrape(ExpositionFormat format)
    {
        _output.ResetWrittenCount();
        new PrometheusRenderer(_output, format).Render(_collector.Collect());
        return _output.WrittenCount;
    }

    private CacheStatus Status()
    {
        var partitions = new PartitionStatus[Partitions];
        for (var partition = 0; partition < partitions.Length; partition++)
            partitions[partition] = new PartitionStatus { Partition = partition, LogStart = 0, Position = 1_234_567, Target = 0, LastStableOffset = 0, HighWatermark = 1_234_890 };
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
