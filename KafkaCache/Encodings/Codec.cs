namespace KafkaCaching.Encodings;

/// <summary>Converts one type to bytes and back. Safe to use from any number of threads.</summary>
internal abstract class Codec<T>
{
    /// <summary>Whether decoding calls the user's deserializer, which may query a schema registry.</summary>
    public virtual bool HasUsersDeserializer => false;

    /// <summary>Encodes a value as it is written to the topic. For <c>byte[]</c> the result is the value itself, so the caller must not
    /// change it.</summary>
    public abstract byte[] Encode(T value);

    /// <summary>Encodes a value into <paramref name="destination"/>. Built-in codecs do this without an allocation where they can. Others
    /// encode the value into an array and copy the bytes.</summary>
    /// <returns>Whether the bytes fit.</returns>
    public abstract bool TryEncode(T value, Span<byte> destination, out int written);

    /// <summary>Decodes a value. It is never called for a tombstone.</summary>
    /// <exception cref="FormatException">The bytes are not of the type. The message quotes none of them.</exception>
    public abstract T Decode(ReadOnlySpan<byte> bytes);

    /// <summary>Returns the codec for another type of values in the same topic.</summary>
    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public virtual Codec<TOther> Of<TOther>() => Codecs.Value<TOther>();
}
