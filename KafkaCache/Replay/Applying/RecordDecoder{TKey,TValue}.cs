using KafkaCaching.Encodings;
using KafkaCaching.Replay.Errors;

namespace KafkaCaching.Replay.Applying;

/// <summary>Decodes with the cache's own codecs for the cache's types, and with the built-in codecs for other types.</summary>
internal sealed class RecordDecoder<TKey, TValue>(Codec<TKey> keys, Codec<TValue> values) : RecordDecoder
    where TKey : notnull
{
    public override T ReadKey<T>(in CacheRecord record)
    {
        try
        {
            return KeyCodec<T>().Decode(record.KeyBytes);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(
                record.Partition, record.Offset, RecordErrorReason.UndecodableKey, Why(record, SchemaHeaders.Key, undecodable));
        }
    }

    public override T ReadValue<T>(in CacheRecord record)
    {
        if (record.IsTombstone)
            throw RecordErrors.At(
                record.Partition, record.Offset, RecordErrorReason.UndecodableValue, "It is a tombstone: it has no value.");
        try
        {
            return (values as Codec<T> ?? values.Of<T>()).Decode(record.ValueBytes);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(
                record.Partition, record.Offset, RecordErrorReason.UndecodableValue, Why(record, SchemaHeaders.Value, undecodable));
        }
    }

    private static string Why(in CacheRecord record, string schemaHeader, FormatException undecodable) =>
        record.TryGetHeader(schemaHeader, out _) ? $"{undecodable.Message} {SchemaHeaders.Refusal(schemaHeader)}" : undecodable.Message;

    private Codec<T> KeyCodec<T>() => keys as Codec<T> ?? Codecs.BuiltInKey<T>()
        ?? throw new InvalidOperationException(
            $"{typeof(T)} is neither the cache's key type nor one with a built-in encoding (string, Guid, int, long, byte[]).");
}
