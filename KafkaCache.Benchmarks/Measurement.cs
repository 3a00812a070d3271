using System.Diagnostics;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks;

/// <summary>What one contender took from its first step to its last, and what it holds afterwards. Memory is resident memory, in MiB: at
/// the start, at its highest, and after a collection that gives back what it can.</summary>
internal sealed record Measurement(
    string Contender, int Records, double WallSeconds, double CpuSeconds, double AllocatedBytesPerRecord, int Collections,
    int FullCollections, double PauseMs,
    double StartMiB, double PeakMiB, double SteadyMiB)
{
    /// <summary>What the contender itself says it holds, 0 where it says nothing.</summary>
    public double StoreMiB { get; init; }

    /// <summary>What its stores allocated before their first entry, 0 where it has none: pages for the buckets that overflow, which are no
    /// memory until some do.</summary>
    public double EmptyStoresMiB { get; init; }

    public double CpuMicrosecondsPerRecord => CpuSeconds * 1e6 / Records;

    /// <summary>Bytes allocated for a record beside the store's own pages and index.</summary>
    public double AllocatedBesideStore => AllocatedBytesPerRecord - ((StoreMiB + EmptyStoresMiB) * ProcessMemory.MiB / Records);

    public double GrowthMiB => SteadyMiB - StartMiB;

    public double GrowthPerRecord => GrowthMiB * ProcessMemory.MiB / Records;

    public double StorePerRecord => StoreMiB * ProcessMemory.MiB / Records;

    /// <summary>Measures this process while <paramref name="replay"/> runs; what it fills must still be held by the caller. The process's
    /// own start, some 50 ms, is left out.</summary>
    public static Measurement Of(ReplayRun run, Action replay)
    {
        var startMemory = ProcessMemory.Resident;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        replay();
        var wall = clock.Elapsed;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var (collections, full, pause) = (GC.CollectionCount(0), GC.CollectionCount(2), GC.GetTotalPauseDuration());
        var peak = ProcessMemory.Peak;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new Measurement(
            run.Contender, run.Records, wall.TotalSeconds, cpu.TotalSeconds, (double)allocated / run.Records, collections, full,
            pause.TotalMilliseconds,
            startMemory, peak, ProcessMemory.Resident);
    }
}
