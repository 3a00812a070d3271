using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The processor time of the calling thread, which is not affected by other processes. On systems that don't report it, the wall
/// time is used.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    public static double Nanoseconds
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency);
            if (GetTime(ThreadCpuTime, out var time) != 0)
                throw new InvalidOperationException("The system tells no processor time of a thread.");
            return (time.Seconds * 1e9) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
