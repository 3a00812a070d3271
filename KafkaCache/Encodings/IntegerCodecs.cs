using System.Buffers.Binary;

namespace KafkaCaching.Encodings;

/// <summary>Encodes an int as 4 big-endian bytes, as Java's IntegerSerializer does.</summary>
internal sealed class Int32Codec : Codec<int>
{
    public override byte[] Encode(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public override bool TryEncode(int value, Span<byte> destination, out int written)
    {
        var fits = BinaryPrimitives.TryWriteInt32BigEndian(destination, value);
        written = fits ? sizeof(int) : 0;
        return fits;
    }

    public override int Decode(ReadOnlySpan<byte> bytes) => bytes.Length == sizeof(int)
        ? BinaryPrimitives.ReadInt32BigEndian(bytes)
        : throw new FormatException($"The bytes are not a big-endian int: there are {bytes.Length} instead of {sizeof(int)}.");
}

/// <summary>Encodes a long as 8 big-endian bytes, as Java's LongSerializer does.</summary>
internal sealed class Int64Codec : Codec<long>
{
    public override byte[] Encode(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    public override bool TryEncode(long value, Span<byte> destination, out int written)
    {
        var fits = BinaryPrimitives.TryWriteInt64BigEndian(destination, value);
        written = fits ? sizeof(long) : 0;
        return fits;
    }

    public override long Decode(ReadOnlySpan<byte> bytes) => bytes.Length == sizeof(long)
        ? BinaryPrimitives.ReadInt64BigEndian(bytes)
        : throw new FormatException($"The bytes are not a big-endian long: there are {bytes.Length} instead of {sizeof(long)}.");
}
