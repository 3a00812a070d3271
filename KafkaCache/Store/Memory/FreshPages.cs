using FASTER.core;
using KafkaCaching.Native;

namespace KafkaCaching.Store.Memory;

/// <summary>Returns the physical memory of a new store's pages to the operating system. FASTER clears its first two pages when it allocates
/// them, which takes 8 MiB of memory that a small topic never uses. When such memory is accessed again, the system provides it filled with
/// zeros.</summary>
internal static unsafe class FreshPages
{
    /// <summary>Returns the memory of the pages. It must be called before anything is written.</summary>
    public static void GiveBack(FasterKV<SpanByte, SpanByte> faster)
    {
        foreach (var page in FasterInternals.PagesOf(faster) ?? [])
        {
            if (page is null)
                continue;

            // The array is pinned and contains only zeros, so its content does not change.
            fixed (byte* start = page)
                MemoryAdvice.OnPagesWithin(start, page.Length, MemoryAdvice.DontNeed);
        }
    }
}
