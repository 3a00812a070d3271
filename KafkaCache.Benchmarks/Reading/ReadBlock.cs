using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The mean cost of a read in one block of reads: wall time, and processor time of the thread. For several threads, the wall time
/// is the reciprocal of their mean throughput.</summary>
internal sealed record ReadBlock(double Nanoseconds, double CpuNanoseconds, double AllocatedBytes)
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(10);

    public static ReadBlock Measure(SliceReader read, KeyWalk keys)
    {
        var (reads, found) = (0L, 0L);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = ThreadClock.Nanoseconds;
        var start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            var slice = keys.Next();
            found += read(slice);
            reads += slice.Length;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < Length);
        cpu = ThreadClock.Nanoseconds - cpu;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (found != reads)
            throw new InvalidOperationException($"{reads - found:N0} of {reads:N0} reads found nothing.");
        return new ReadBlock(elapsed.TotalNanoseconds / reads, cpu / reads, (double)allocated / reads);
    }

    /// <summary>Combines the results of several threads. The wall time is the harmonic mean, because throughputs add up.</summary>
    public static ReadBlock Of(IReadOnlyList<ReadBlock> threads) => new(
        threads.Count / threads.Sum(static one => 1 / one.Nanoseconds), threads.Average(static one => one.CpuNanoseconds),
        threads.Average(static one => one.AllocatedBytes));
}
