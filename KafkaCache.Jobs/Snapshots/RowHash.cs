using System.Buffers.Binary;
using System.Security.Cryptography;

namespace KafkaCaching.Jobs.Snapshots;

/// <summary>The hash of a row. The hash of a version is the sum of the hashes of its rows, so it does not depend on their order, and a
/// changed row costs one subtraction and one addition.</summary>
internal static class RowHash
{
    public static UInt128 Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, key.Length);
        hash.AppendData(length);
        hash.AppendData(key);
        hash.AppendData(value);
        Span<byte> result = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(result);
        return BinaryPrimitives.ReadUInt128BigEndian(result);
    }
}
