using System.Buffers.Binary;
using System.Text;

namespace KafkaCaching.Store.Entries;

/// <summary>The kept headers of an entry in one sequence of bytes. Each header is <c>[length of the name 2][name][length of the value
/// 2][value]</c>.</summary>
internal static class PackedHeaders
{
    /// <summary>The maximum number of bytes of all kept headers together.</summary>
    public const int MaxBytes = ushort.MaxValue;

    private const int LengthBytes = sizeof(ushort);

    public static int BytesOf(int nameLength, int valueLength) => (2 * LengthBytes) + nameLength + valueLength;

    /// <summary>Writes one header. The destination must be large enough.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var rest = WritePart(WritePart(destination, name), value);
        return destination.Length - rest.Length;
    }

    /// <summary>Removes the first header from the packed ones and returns it.</summary>
    public static KeyValuePair<string, ReadOnlyMemory<byte>> Next(ref ReadOnlyMemory<byte> packed)
    {
        var name = NextPart(ref packed);
        return KeyValuePair.Create(Encoding.UTF8.GetString(name.Span), NextPart(ref packed));
    }

    private static Span<byte> WritePart(Span<byte> destination, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)part.Length);
        part.CopyTo(destination[LengthBytes..]);
        return destination[(LengthBytes + part.Length)..];
    }

    private static ReadOnlyMemory<byte> NextPart(ref ReadOnlyMemory<byte> packed)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(packed.Span);
        var part = packed.Slice(LengthBytes, length);
        packed = packed[(LengthBytes + length)..];
        return part;
    }
}
