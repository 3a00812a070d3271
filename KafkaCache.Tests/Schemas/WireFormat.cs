using System.Buffers.Binary;

namespace KafkaCaching.Tests.Schemas;

/// <summary>Confluent's wire format: the schema, for Protobuf which of its messages, then the content.</summary>
internal static class WireFormat
{
    /// <summary>The first message of a schema, in short.</summary>
    public static readonly byte[] FirstMessage = [0];

    public static byte[] WithId(int id, ReadOnlySpan<byte> content) => [.. Prefix(id), .. FirstMessage, .. content];

    public static byte[] WithGuid(Guid guid, ReadOnlySpan<byte> content) => [.. Prefix(guid), .. FirstMessage, .. content];

    public static byte[] Prefix(int id)
    {
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), id);
        return prefix;
    }

    public static byte[] Prefix(Guid guid) => [1, .. guid.ToByteArray(bigEndian: true)];

    public static string ReadSchema(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> rest)
    {
        switch (bytes[0])
        {
            case 0:
                rest = bytes[5..];
                return FakeRegistry.Name(BinaryPrimitives.ReadInt32BigEndian(bytes[1..]));
            case 1:
                rest = bytes[17..];
                return new Guid(bytes[1..17], bigEndian: true).ToString();
            default:
                throw new InvalidDataException($"Invalid magic byte: {bytes[0]}");
        }
    }

    /// <summary>The numbers that lead to a message in its schema, as varints below 128 here: how many, then each; none means the first.</summary>
    public static ReadOnlySpan<byte> SkipMessageIndexes(ReadOnlySpan<byte> bytes) => bytes[(1 + bytes[0])..];
}
