using System.Diagnostics;
using KafkaCaching.Benchmarks.Contenders;

namespace KafkaCaching.Benchmarks;

/// <summary>The resources that one contender used, and the memory that its process holds afterwards. Memory is resident memory in MiB: at
/// the start, at its peak, and after an aggressive garbage collection.</summary>
internal sealed record Measurement(
    string Contender, int Records, double WallSeconds, double CpuSeconds, double AllocatedBytesPerRecord, int Collections,
    int FullCollections, double PauseMs,
    double StartMiB, double PeakMiB, double SteadyMiB)
{
    /// <summary>The memory of the store as the contender reports it; 0 if it reports none.</summary>
    public double StoreMiB { get; init; }

    /// <summary>The MiB that the stores allocated before their first entry; 0 if there are no stores. They are pages for overflow buckets,
    /// which occupy no resident memory until buckets overflow.</summary>
    public double EmptyStoresMiB { get; init; }

    public double CpuMicrosecondsPerRecord => CpuSeconds * 1e6 / Records;

    /// <summary>The bytes allocated per record in addition to the store's own pages and index.</summary>
    public double AllocatedBesideStore => AllocatedBytesPerRecord - ((StoreMiB + EmptyStoresMiB) * ProcessMemory.MiB / Records);

    public double GrowthMiB => SteadyMiB - StartMiB;

    public double GrowthPerRecord => GrowthMiB * ProcessMemory.MiB / Records;

    public double StorePerRecord => StoreMiB * ProcessMemory.MiB / Records;

    /// <summary>Measures this process while <paramref name="replay"/> runs; the caller must keep a reference to the store that it fills.
    /// The start of the process itself, about 50 ms, is not included.</summary>
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
