using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace KafkaCaching.Store.Entries;

/// <summary>A hash of key bytes, for hash tables. Each block of 16 bytes yields a product, whose two halves are combined. The products
/// don't depend on one another, so they can be computed in parallel. Every bit of the hash is suitable for selecting a bucket.</summary>
internal static class KeyHash
{
    private const int BlockBytes = 2 * sizeof(ulong);

    // Bits without a pattern, from the fractional part of pi. The constants that are multiplied or added repeatedly are odd, because
    // otherwise a bit would be lost.
    private const ulong Start = 0x243F6A8885A308D3;
    private const ulong Step = 0xA4093822299F31D1;
    private const ulong Other = 0x452821E638D01377;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(ReadOnlySpan<byte> key)
    {
        // The mask differs for each block, so that swapping blocks changes the hash. It also differs for each length, in all bits. If only
        // the lowest bits differed, keys such as 10000 and 0000 would have the same hash, because the difference in length would cancel out
        // the difference in the first bytes.
        var mask = Start + ((ulong)key.Length * Step);
        ulong sum = 0;
        for (; key.Length > BlockBytes; key = key[BlockBytes..], mask += Other)
            sum += Fold(Word(key) ^ mask, Word(key[sizeof(ulong)..]) ^ Other);
        var (first, last) = Rest(key);
        return Fold(sum + Fold(first ^ mask, last ^ Other), Step);
    }

    public static ulong Combine(ulong one, ulong other) => Fold(one ^ Start, other ^ Other);

    /// <summary>Returns the remaining bytes, at most 16, in two words. Some bytes may be in both words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong First, ulong Last) Rest(ReadOnlySpan<byte> key) => key.Length switch
    {
        >= sizeof(ulong) => (Word(key), Word(key[^sizeof(ulong)..])),
        >= sizeof(uint) => (HalfWord(key), HalfWord(key[^sizeof(uint)..])),
        > 0 => (key[0] | ((uint)key[key.Length / 2] << 8), key[^1]),
        _ => (0, 0),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HalfWord(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
