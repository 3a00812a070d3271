using KafkaCaching.Encodings;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Applying;

/// <summary>Decodes stored keys and values. A key or value that can't be decoded is reported as an error of the record that it came
/// from.</summary>
internal sealed class EntryDecoder<TKey, TValue>(Codec<TKey> keys, Codec<TValue> values)
    where TKey : notnull
{
    /// <exception cref="RecordErrorException">The key can't be decoded.</exception>
    public TKey Key(in EntryMetadata metadata, ReadOnlySpan<byte> key)
    {
        try
        {
            return keys.Decode(key);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(metadata.Partition, metadata.Offset, RecordErrorReason.UndecodableKey, undecodable.Message);
        }
    }

    /// <exception cref="RecordErrorException">The value can't be decoded.</exception>
    public CacheEntry<TValue> Entry(in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        try
        {
            return new(values.Decode(content[metadata.HeaderBytes..]), metadata, content[..metadata.HeaderBytes]);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(metadata.Partition, metadata.Offset, RecordErrorReason.UndecodableValue, undecodable.Message);
        }
    }
}
