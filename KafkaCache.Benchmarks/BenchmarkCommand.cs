using System.CommandLine;
using KafkaCaching.Benchmarks.Contenders;
using KafkaCaching.Benchmarks.Drivers;
using KafkaCaching.Benchmarks.Jobs;
using KafkaCaching.Benchmarks.Many;
using KafkaCaching.Benchmarks.Micro;
using KafkaCaching.Benchmarks.Plots;
using KafkaCaching.Benchmarks.Putting;
using KafkaCaching.Benchmarks.Reading;
using KafkaCaching.Benchmarks.Refreshing;
using KafkaCaching.Benchmarks.Restarting;
using KafkaCaching.Benchmarks.Watching;

namespace KafkaCaching.Benchmarks;

/// <summary>The command line, with one subcommand for each driver.</summary>
internal static class BenchmarkCommand
{
    public static RootCommand Root() => new("Measures KafkaCache beside its baselines, in one run. The ratios last, the times don't.")
    {
        ReplayDriver.Command(),
        ScaleDriver.Command(),
        MemoryDriver.Command(),
        ChurnDriver.Command(),
        SpillDriver.Command(),
        SoakDriver.Command(),
        MetricsDriver.Command(),
        ReadDriver.Command(),
        PutDriver.Command(),
        ReadyDriver.Command(),
        ManyDriver.Command(),
        IndexDriver.Command(),
        WatchDriver.Command(),
        ViewDriver.Command(),
        HybridDriver.Command(),
        RefreshDriver.Command(),
        JobDriver.Command(),
        EfDriver.Command(),
        RestartDriver.Command(),
        SnapshotDriver.Command(),
        MicroBenchmarks.Command(),
        PlotCommand.Command(),
        ReplayContenders.ChildCommand(),
        ReadContenders.ChildCommand(),
        StreamizReads.ChildCommand(),
        PutContenders.ChildCommand(),
        TailProducer.ChildCommand(),
        ManyCaches.ChildCommand(),
        TailFollower.ChildCommand(),
        StreamServer.ChildCommand(),
        RestartContender.ChildCommand(),
        KafkaJobChild.ChildCommand(),
        QuartzJobChild.ChildCommand(),
        RefreshLeader.ChildCommand(),
    };
}
