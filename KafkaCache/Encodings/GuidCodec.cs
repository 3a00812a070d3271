using System.Buffers.Text;

namespace KafkaCaching.Encodings;

/// <summary>Encodes a Guid as 36 characters: lower-case digits with hyphens. Keys are compared as bytes, so the upper-case form of a Guid
/// is a different key. Get could never find that key, because Get encodes in lower case. Decoding therefore refuses every form except the
/// one that encoding produces.</summary>
internal sealed class GuidCodec : Codec<Guid>
{
    private const int Length = 36;

    public override byte[] Encode(Guid value)
    {
        var bytes = new byte[Length];
        value.TryFormat(bytes, out _);
        return bytes;
    }

    public override bool TryEncode(Guid value, Span<byte> destination, out int written) => value.TryFormat(destination, out written);

    public override Guid Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new FormatException($"The bytes are not a Guid: there are {bytes.Length} instead of {Length}.");
        if (!Utf8Parser.TryParse(bytes, out Guid value, out var consumed, 'D') || consumed != Length)
            throw new FormatException("The bytes are not a Guid of 36 characters: hexadecimal digits with hyphens, without braces.");
        if (bytes.ContainsAnyInRange((byte)'A', (byte)'F'))
            throw new FormatException(
                "The Guid has upper-case digits, so it is a different key from its lower-case form. Set KeyDeserializer to read it.");
        return value;
    }
}
