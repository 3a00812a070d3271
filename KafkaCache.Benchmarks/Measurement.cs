using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks;

/// <summary>What one contender took from its first step to its last.</summary>
internal sealed record Measurement(
    string Contender, double WallSeconds, double CpuSeconds, double AllocatedBytesPerRecord, int Collections, int FullCollections, double PauseMs, double PeakMiB)
{
    /// <summary>Measures this process while <paramref name="run"/> runs. Its own start, some 50 ms, is left out.</summary>
    public static Measurement Of(string contender, int records, Action run)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        run();
        var wall = clock.Elapsed;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new Measurement(
            contender, wall.TotalSeconds, cpu.TotalSeconds, (double)allocated / records,
            GC.CollectionCount(0), GC.CollectionCount(2), GC.GetTotalPauseDuration().TotalMilliseconds, PeakMemory() / 1024.0 / 1024.0);
    }

    // The kernel's own high-water mark where there is one: Process.PeakWorkingSet64 is a rounded reading of it, or of something else.
    private static long PeakMemory()
    {
        const string Label = "VmHWM:";
        if (!OperatingSystem.IsLinux())
            return Process.GetCurrentProcess().PeakWorkingSet64;
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith(Label, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(Label.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
    }
}
