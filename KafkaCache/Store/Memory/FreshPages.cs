using FASTER.core;
using KafkaCaching.Native;

namespace KafkaCaching.Store.Memory;

/// <summary>Returns the memory of a new store's pages to the system. FASTER clears its first two pages when it creates them, which takes 8
/// MiB that a small topic never uses. Returned memory is available again, filled with zeros, as soon as it is touched.</summary>
internal static unsafe class FreshPages
{
    /// <summary>Returns the pages' memory. It must be called before anything is written.</summary>
    public static void GiveBack(FasterKV<SpanByte, SpanByte> faster)
    {
        foreach (var page in FasterInternals.PagesOf(faster) ?? [])
        {
            if (page is null)
                continue;

            // The array is pinned and contains only zeros, so the difference can't be noticed.
            fixed (byte* start = page)
                MemoryAdvice.OnPagesWithin(start, page.Length, MemoryAdvice.DontNeed);
        }
    }
}
