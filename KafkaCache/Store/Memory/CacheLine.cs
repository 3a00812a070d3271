using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace KafkaCaching.Store.Memory;

/// <summary>A line of the processor's caches, the unit in which it fetches memory.</summary>
internal static class CacheLine
{
    public const int Bytes = 64;

    /// <summary>Makes the processor fetch the line at a place that will be read soon. Does nothing on processors other than x86.</summary>
    // Nothing is read or written here, so it does no harm if the garbage collector moves the object in between.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }
}
