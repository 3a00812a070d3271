using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>The microbenchmarks and how they are run: in this process, since a million keys take longer to lay out than to measure.</summary>
internal static class MicroBenchmarks
{
    public static readonly Type[] Types = [typeof(ReadBenchmarks), typeof(StoreBenchmarks)];

    // Without forced collections, each of which would walk millions of objects for longer than an iteration takes.
    // Many short iterations, and their median: on a busy machine a mean tells of the neighbours.
    public static IConfig Config => ManualConfig.CreateEmpty()
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(100)).WithGcForce(false))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddColumn(StatisticColumn.Median)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub);
}
