using System.Runtime.InteropServices;

namespace KafkaCaching.Native;

/// <summary>Advises Linux about the use of memory with madvise(2). A system may not support the advice, or may ignore it.</summary>
internal static unsafe partial class MemoryAdvice
{
    public const int DontNeed = 4; // MADV_DONTNEED
    public const int HugePages = 14; // MADV_HUGEPAGE

    // Linux rounds a range up to whole pages. Some systems on Arm64 have pages of 64 KiB, and with smaller ones, the advice would reach
    // memory that lies after the range.
    private static readonly long OsPageBytes = Environment.SystemPageSize;

    /// <summary>Gives advice on all pages of a memory range, including pages that lie only partly within it.</summary>
    public static void OnPagesOf(byte* start, long bytes, int advice)
    {
        var first = (long)start & ~(OsPageBytes - 1);
        Advise(first, (long)start + bytes, advice);
    }

    /// <summary>Gives advice on the pages that lie completely within a memory range.</summary>
    public static void OnPagesWithin(byte* start, long bytes, int advice)
    {
        var first = ((long)start + OsPageBytes - 1) & ~(OsPageBytes - 1);
        Advise(first, ((long)start + bytes) & ~(OsPageBytes - 1), advice);
    }

    private static void Advise(long first, long end, int advice)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Advise((void*)first, (nuint)(end - first), advice);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // The C library has another name on this system. The advice is only an optimization.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
