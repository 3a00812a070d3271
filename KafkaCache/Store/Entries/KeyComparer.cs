using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store.Entries;

/// <summary>How FASTER tells keys apart. Its own comparer takes a multiplication for every two bytes, each of which waits for the one
/// before.</summary>
internal sealed unsafe class KeyComparer : IFasterEqualityComparer<SpanByte>
{
    // Compiled fully at once, as all of ours that a replay calls for each record.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long GetHashCode64(ref SpanByte key) => (long)KeyHash.Of(BytesOf(ref key));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Equals(ref SpanByte one, ref SpanByte other) => BytesOf(ref one).SequenceEqual(BytesOf(ref other));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> BytesOf(ref SpanByte key) => new(key.ToPointer(), key.Length);
}
