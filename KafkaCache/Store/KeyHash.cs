using System.Buffers.Binary;
using System.Numerics;

namespace KafkaCaching.Store;

/// <summary>A hash of key bytes for tables of this process: eight bytes at an instruction, where the processor has one for CRC-32C.</summary>
internal static class KeyHash
{
    // Spreads the checksum's bits over all of it, since tables take some of them only: 2^32 divided by the golden ratio.
    private const uint Spread = 0x9E3779B1;

    public static uint Of(ReadOnlySpan<byte> key)
    {
        var hash = (uint)key.Length;
        for (; key.Length >= sizeof(ulong); key = key[sizeof(ulong)..])
            hash = BitOperations.Crc32C(hash, BinaryPrimitives.ReadUInt64LittleEndian(key));
        foreach (var one in key)
            hash = BitOperations.Crc32C(hash, one);
        return hash * Spread;
    }
}
