using System.Runtime.InteropServices;
using FASTER.core;

namespace KafkaCaching.Store;

/// <summary>Gives the memory of a new store's pages back to the system. FASTER clears its first two pages when it makes them, which takes 8 MiB, and a small topic
/// never comes to use them. What is given back is there again, and zero, as soon as it is touched.</summary>
internal static unsafe partial class FreshPages
{
    private const int OsPageBytes = 4096;
    private const int DontNeed = 4; // MADV_DONTNEED, of madvise(2)

    /// <summary>To be called before anything is written.</summary>
    public static void GiveBack(FasterKV<SpanByte, SpanByte> faster)
    {
        if (!OperatingSystem.IsLinux() || FasterInternals.PagesOf(faster) is not { } pages)
            return;
        foreach (var page in pages)
        {
            if (page is not null)
                GiveBack(page);
        }
    }

    // Whole pages of the system that lie inside the array, which is pinned and all zero: nobody can tell the difference.
    private static void GiveBack(byte[] page)
    {
        fixed (byte* start = page)
        {
            var first = ((long)start + OsPageBytes - 1) & ~(OsPageBytes - 1L);
            var end = ((long)start + page.Length) & ~(OsPageBytes - 1L);
            try
            {
                _ = Advise((void*)first, (nuint)(end - first), DontNeed);
            }
            catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
            {
                // A C library of another name: the memory stays taken.
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
