using System.Buffers.Binary;

namespace KafkaCaching.Tests.Schemas;

/// <summary>Confluent's wire format: a reference to the schema, then the content.</summary>
internal static class WireFormat
{
    public static byte[] WithId(int id, ReadOnlySpan<byte> content) => [.. Prefix(id), .. content];

    public static byte[] WithGuid(Guid guid, ReadOnlySpan<byte> content) => [.. Prefix(guid), .. content];

    public static byte[] Prefix(int id)
    {
        var prefix = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), id);
        return prefix;
    }

    public static byte[] Prefix(Guid guid) => [1, .. guid.ToByteArray(bigEndian: true)];
}
