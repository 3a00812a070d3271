using FASTER.core;
using KafkaCaching.Native;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Store.Log;

/// <summary>Gives the memory of a new store's pages back to the system. FASTER clears its first two pages when it makes them, which takes 8
/// MiB, and a small topic never comes to use them. What is given back is there again, and zero, as soon as it is touched.</summary>
internal static unsafe class FreshPages
{
    /// <summary>To be called before anything is written.</summary>
    public static void GiveBack(FasterKV<SpanByte, SpanByte> faster)
    {
        foreach (var page in FasterInternals.PagesOf(faster) ?? [])
        {
            if (page is null)
                continue;

            // The array is pinned, and all zero: nobody can tell the difference.
            fixed (byte* start = page)
                MemoryAdvice.OnPagesWithin(start, page.Length, MemoryAdvice.DontNeed);
        }
    }
}
