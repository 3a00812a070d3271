using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store.Entries;

/// <summary>Compares keys for FASTER. FASTER's own comparer needs a multiplication for every two bytes, and each multiplication waits for
/// the previous one.</summary>
internal sealed unsafe class KeyComparer : IFasterEqualityComparer<SpanByte>
{
    // The JIT optimizes this fully on its first call, as it does all methods that a replay calls for each record.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long GetHashCode64(ref SpanByte key) => (long)KeyHash.Of(BytesOf(ref key));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Equals(ref SpanByte one, ref SpanByte other) => BytesOf(ref one).SequenceEqual(BytesOf(ref other));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> BytesOf(ref SpanByte key) => new(key.ToPointer(), key.Length);
}
