namespace KafkaCaching.Encodings;

/// <summary>Converts one type to bytes and back. Safe to use from any number of threads.</summary>
internal abstract class Codec<T>
{
    /// <summary>Whether decoding calls a deserializer of the user's, which may query a schema registry.</summary>
    public virtual bool HasUsersDeserializer => false;

    /// <summary>The bytes of a value, as they are written to the topic. For <c>byte[]</c> this is the value itself, so the caller must not
    /// write to it.</summary>
    public abstract byte[] Encode(T value);

    /// <summary>Writes the bytes to <paramref name="destination"/>. This allocates nothing if the type supports it; otherwise the encoded
    /// bytes are copied there.</summary>
    /// <returns>Whether the bytes fitted.</returns>
    public abstract bool TryEncode(T value, Span<byte> destination, out int written);

    /// <summary>Decodes a value. It is never called for a tombstone.</summary>
    /// <exception cref="FormatException">The bytes are not of the type. The message quotes none of them.</exception>
    public abstract T Decode(ReadOnlySpan<byte> bytes);

    /// <summary>The codec for another type of values in the same topic.</summary>
    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public virtual Codec<TOther> Of<TOther>() => Codecs.Value<TOther>();
}
