using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>The microbenchmarks and how they are run: in this process, since a million keys take longer to lay out than to measure.</summary>
internal static class MicroBenchmarks
{
    public static readonly Type[] Types = [typeof(ReadBenchmarks), typeof(StoreBenchmarks)];

    public static IConfig Config => ManualConfig.CreateEmpty()
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub);
}
