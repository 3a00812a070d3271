namespace KafkaCaching.Encodings;

/// <summary>One type's bytes, both ways. Safe for any number of threads.</summary>
internal abstract class Codec<T>
{
    /// <summary>Whether decoding runs a deserializer of the user's, which may ask a schema registry.</summary>
    public virtual bool HasUsersDeserializer => false;

    /// <summary>The bytes of a value, as they go to the topic. For <c>byte[]</c> that is the value itself: read it, don't write to
    /// it.</summary>
    public abstract byte[] Encode(T value);

    /// <summary>Writes the bytes to <paramref name="destination"/> without allocating, where the type can; else copies them
    /// there.</summary>
    /// <returns>Whether they fitted.</returns>
    public abstract bool TryEncode(T value, Span<byte> destination, out int written);

    /// <summary>The value of bytes. Never called for a tombstone.</summary>
    /// <exception cref="FormatException">The bytes are not of the type; the message quotes none of them.</exception>
    public abstract T Decode(ReadOnlySpan<byte> bytes);

    /// <summary>The codec of another type of values in the same topic.</summary>
    /// <exception cref="NotSupportedException">JSON can't hold the type.</exception>
    /// <exception cref="InvalidOperationException">The type's JSON attributes contradict each other.</exception>
    public virtual Codec<TOther> Of<TOther>() => Codecs.Value<TOther>();
}
