using System.Buffers.Binary;

namespace KafkaCaching.Encodings;

/// <summary>The identifier of the schema that precedes the content in Confluent's wire format. It is either a byte 0 and the schema's ID in
/// the registry (4 bytes, big-endian), or a byte 1 and the schema's GUID (16 bytes, big-endian). Without an identifier, this is the default
/// value.</summary>
internal readonly record struct SchemaPrefix(ulong High, ulong Low)
{
    private const int IdLength = 1 + sizeof(int);
    private const int GuidLength = 1 + 16;

    // This bit distinguishes the ID 0 from a missing ID.
    private const ulong IsId = 1UL << 32;

    public static SchemaPrefix Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= IdLength && bytes[0] == 0)
            return new SchemaPrefix(0, IsId | BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]));
        if (bytes.Length >= GuidLength && bytes[0] == 1)
            return new SchemaPrefix(BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[9..]));
        return default;
    }
}
