using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Store;

/// <summary>A hash of key bytes for tables of this process: eight bytes to a multiplication, whose two halves are laid over each other. Every bit of it is fit to choose a place by.</summary>
internal static class KeyHash
{
    // Bits without a pattern, of the fraction of pi. An even factor would lose one.
    private const ulong Start = 0x243F6A8885A308D3;
    private const ulong Factor = 0xA4093822299F31D1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(ReadOnlySpan<byte> key)
    {
        // The length spread over all bits: in the lowest alone it made one hash of 10000 and 0000, as it differs just where their first bytes do.
        var hash = Start + ((ulong)key.Length * Factor);
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..])
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
        if (key.Length > 0)
            hash = Fold(hash ^ Rest(key));
        return Fold(hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong bits)
    {
        var high = Math.BigMul(bits, Factor, out var low);
        return high ^ low;
    }

    /// <summary>What is left, of seven bytes at most; some may stand there twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Rest(ReadOnlySpan<byte> key) => key.Length >= sizeof(uint)
        ? BinaryPrimitives.ReadUInt32LittleEndian(key) | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(key[^sizeof(uint)..]) << 32
        : key[0] | (ulong)key[key.Length / 2] << 8 | (ulong)key[^1] << 16;
}
