namespace KafkaCaching.Encodings;

/// <summary>Passes bytes through unchanged.</summary>
internal sealed class BytesCodec : Codec<byte[]>
{
    public override byte[] Encode(byte[] value) => value;

    public override bool TryEncode(byte[] value, Span<byte> destination, out int written)
    {
        var fits = value.AsSpan().TryCopyTo(destination);
        written = fits ? value.Length : 0;
        return fits;
    }

    public override byte[] Decode(ReadOnlySpan<byte> bytes) => bytes.ToArray();
}
