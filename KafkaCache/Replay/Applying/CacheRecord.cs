using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching;

/// <summary>One record of the topic, as passed to a <see cref="Resolver{TKey, TValue}"/> or a validator. Its spans point into the Kafka
/// client's buffers and are valid only during the call.</summary>
public readonly ref struct CacheRecord
{
    private readonly RecordDecoder _decoder;
    private readonly IRecordHeaders? _headers;

    internal CacheRecord(
        RecordDecoder decoder, ReadOnlySpan<byte> keyBytes, ReadOnlySpan<byte> valueBytes, bool isTombstone,
        int partition, long offset, DateTimeOffset timestamp, IRecordHeaders? headers)
    {
        _decoder = decoder;
        _headers = headers;
        KeyBytes = keyBytes;
        ValueBytes = valueBytes;
        IsTombstone = isTombstone;
        Partition = partition;
        Offset = offset;
        Timestamp = timestamp;
    }

    /// <summary>The key as it is in the topic.</summary>
    public ReadOnlySpan<byte> KeyBytes { get; }

    /// <summary>The value as it is in the topic; empty for a tombstone.</summary>
    public ReadOnlySpan<byte> ValueBytes { get; }

    /// <summary>Whether the record has no value, which deletes its key.</summary>
    public bool IsTombstone { get; }

    /// <summary>The partition of the record.</summary>
    public int Partition { get; }

    /// <summary>The offset of the record in its partition.</summary>
    public long Offset { get; }

    /// <summary>The record's timestamp. The producer or the broker sets it, depending on the topic's setting
    /// <c>message.timestamp.type</c>.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>Looks up a header. When several headers have the same name, the last one is returned.</summary>
    /// <param name="name">The name, case-sensitive.</param>
    /// <param name="value">The header's bytes; empty when the header has none or does not exist.</param>
    /// <returns>Whether the record has such a header.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    public bool TryGetHeader(string name, out ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_headers is not null)
            return _headers.TryGet(name, out value);
        value = default;
        return false;
    }

    /// <summary>Decodes the key. The option <c>KeyDeserializer</c> is used when <typeparamref name="T"/> is the cache's key type; otherwise
    /// the key is decoded as a built-in type.</summary>
    /// <typeparam name="T">The type to decode as.</typeparam>
    /// <returns>The key.</returns>
    /// <exception cref="RecordErrorException">The bytes can't be decoded as <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidOperationException"><typeparamref name="T"/> is neither the cache's key type nor built in.</exception>
    public T ReadKey<T>() => _decoder.ReadKey<T>(this);

    /// <summary>Decodes the value. The option <c>ValueDeserializer</c> is used when <typeparamref name="T"/> is the cache's value type;
    /// otherwise the value is decoded as a built-in type or JSON.</summary>
    /// <typeparam name="T">The type to decode as.</typeparam>
    /// <returns>The value.</returns>
    /// <exception cref="RecordErrorException">The bytes can't be decoded as <typeparamref name="T"/>, or the record is a
    /// tombstone.</exception>
    public T ReadValue<T>() => _decoder.ReadValue<T>(this);
}
