using System.Runtime.InteropServices;

namespace KafkaCaching.Store;

/// <summary>Asks Linux for memory in pages of 2 MiB instead of 4 KiB: they are handed out ten times as fast, and random reads miss the processor's page
/// tables less often. Advice, which a system may not know or not take.</summary>
internal static unsafe partial class HugePages
{
    private const int OsPageBytes = 4096;
    private const int AdviseHugePages = 14; // MADV_HUGEPAGE, of madvise(2)

    /// <summary>To be called before the memory is touched: what the system has handed out already stays as it is.</summary>
    public static void Advise(byte* start, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var first = (long)start & ~(OsPageBytes - 1L);
        try
        {
            _ = Advise((void*)first, (nuint)((long)start + bytes - first), AdviseHugePages);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // A C library of another name: the memory is as good, and slower.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
