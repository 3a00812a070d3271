using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace KafkaCaching.Store.Memory;

/// <summary>A cache line of the processor, which is the unit in which the processor fetches memory.</summary>
internal static class CacheLine
{
    public const int Bytes = 64;

    /// <summary>Prefetches the cache line of a location that will be read soon. Does nothing on processors other than x86.</summary>
    // Nothing is read or written here, so it is harmless if the garbage collector moves the object in the meantime.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }
}
