using System.CommandLine;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace KafkaCaching.Benchmarks.Micro;

/// <summary>The microbenchmarks and their configuration. They run in this process, because preparing a million keys takes longer than
/// measuring, and a process per benchmark would repeat it.</summary>
internal static class MicroBenchmarks
{
    private static readonly Type[] Types = [typeof(ReadBenchmarks), typeof(StoreBenchmarks), typeof(ScrapeBenchmarks)];

    // No garbage collections are forced, because each would mark millions of objects, which takes longer than an iteration. The median of
    // many short iterations is used, because on a busy machine, the mean depends mostly on other processes.
    private static IConfig Config => ManualConfig.CreateEmpty()
        .AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(3)
                .WithIterationCount(9)
                .WithIterationTime(TimeInterval.FromMilliseconds(100))
                .WithGcForce(false))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddColumn(StatisticColumn.Median)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub);

    public static Command Command()
    {
        var arguments = new Argument<string[]>("arguments")
        {
            Description = "Passed on to BenchmarkDotNet, after --, such as --filter *Hot*.", Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("micro", "Microbenchmarks of reads, of the store and of a scrape. They need no Kafka.") { arguments };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(arguments) ?? [];
            BenchmarkSwitcher.FromTypes(Types).Run(given is [] ? ["--filter", "*"] : given, Config);
        });
        return command;
    }
}
