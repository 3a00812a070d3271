using KafkaCaching.Encodings;

namespace KafkaCaching;

/// <summary>Encodes and decodes keys and values as a cache with the same options does, for code that reads or writes the topic itself.
/// Instances are immutable. They are safe to use from any thread if the user's own serializers are.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class CacheCodec<TKey, TValue>
    where TKey : notnull
{
    private readonly Codec<TKey> _key;
    private readonly Codec<TValue> _value;

    internal CacheCodec(Codec<TKey> key, Codec<TValue> value) => (_key, _value) = (key, value);

    /// <summary>Encodes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The bytes. For <c>byte[]</c> this is the key itself.</returns>
    public byte[] EncodeKey(TKey key) => _key.Encode(key);

    /// <summary>Decodes a key.</summary>
    /// <param name="bytes">The bytes of a record's key.</param>
    /// <returns>The key.</returns>
    /// <exception cref="FormatException">The bytes are not a key of this type. The message quotes none of them.</exception>
    public TKey DecodeKey(ReadOnlySpan<byte> bytes) => _key.Decode(bytes);

    /// <summary>Encodes a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The bytes. For <c>byte[]</c> this is the value itself.</returns>
    public byte[] EncodeValue(TValue value) => _value.Encode(value);

    /// <summary>Decodes a value.</summary>
    /// <param name="bytes">The bytes of a record's value.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatException">The bytes are not a value of this type. The message quotes none of them.</exception>
    public TValue DecodeValue(ReadOnlySpan<byte> bytes) => _value.Decode(bytes);
}
