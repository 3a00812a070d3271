using System.Runtime.InteropServices;

namespace KafkaCaching.Native;

/// <summary>Advice to Linux about memory, by madvise(2). A system may not know it or not take it.</summary>
internal static unsafe partial class MemoryAdvice
{
    public const int DontNeed = 4; // MADV_DONTNEED
    public const int HugePages = 14; // MADV_HUGEPAGE

    private const int OsPageBytes = 4096;

    /// <summary>Advises on the pages from the one in which the memory starts.</summary>
    public static void OnPagesOf(byte* start, long bytes, int advice)
    {
        var first = (long)start & ~(OsPageBytes - 1L);
        Advise(first, (long)start + bytes, advice);
    }

    /// <summary>Advises on the pages that lie inside the memory as a whole.</summary>
    public static void OnPagesWithin(byte* start, long bytes, int advice)
    {
        var first = ((long)start + OsPageBytes - 1) & ~(OsPageBytes - 1L);
        Advise(first, ((long)start + bytes) & ~(OsPageBytes - 1L), advice);
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
            // A C library of another name: the memory works the same without the advice.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
