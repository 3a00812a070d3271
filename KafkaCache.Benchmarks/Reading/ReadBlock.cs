using System.Diagnostics;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The cost of a read in one block of reads: wall time and the thread's own processor time. With several threads, it is the time
/// after which each has done one read.</summary>
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

    /// <summary>Combines the results of threads, whose reads per second add up.</summary>
    public static ReadBlock Of(IReadOnlyList<ReadBlock> threads) => new(
        threads.Count / threads.Sum(static one => 1 / one.Nanoseconds), threads.Average(static one => one.CpuNanoseconds),
        threads.Average(static one => one.AllocatedBytes));
}
