using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Replay;
using KafkaCaching.Store;

namespace KafkaCaching.Reads;

/// <summary>The straight line of a Get: take the generation that readers see → look the key up in its store → decode → entry.</summary>
internal sealed class EntryReader<TKey, TValue>(CacheState state, Codec<TKey> keys, Codec<TValue> values)
    where TKey : notnull
{
    private const int KeyOnStack = 256;

    public long Count => Readable().Store.Count;

    public bool TryGet(TKey key, out CacheEntry<TValue> entry)
    {
        Span<byte> onStack = stackalloc byte[KeyOnStack];
        ReadOnlySpan<byte> keyBytes = keys.TryEncode(key, onStack, out var written) ? onStack[..written] : keys.Encode(key);
        while (true)
        {
            var generation = Readable();
            try
            {
                return generation.Instances is InstanceTable<TValue> instances
                    ? TryGetDecodedOnce(generation.Store, instances, keyBytes, out entry)
                    : TryGetFromStore(generation.Store, keyBytes, out entry);
            }
            catch (ObjectDisposedException) when (state.Readable != generation)
            {
                // Retired between taking it and reading it: the next round sees its successor, or says why there is none.
            }
        }
    }

    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan()
    {
        using var scan = OpenScan();
        while (scan.MoveNext())
        {
            if (!scan.Metadata.IsQuarantined)
                yield return KeyValuePair.Create(DecodeKey(scan), DecodeEntry(scan.Metadata, scan.Value));
        }
    }

    private StoreScan OpenScan()
    {
        while (true)
        {
            var generation = Readable();
            try
            {
                return generation.Store.Scan();
            }
            catch (ObjectDisposedException) when (state.Readable != generation)
            {
                // As in a Get.
            }
        }
    }

    private Generation Readable()
    {
        while (true)
        {
            if (state.Readable is { } generation)
                return generation;
            var why = state.WhyUnreadable();
            if (state.Readable is null)
                throw why; // Else it became readable in between, and the reason no longer holds.
        }
    }

    private bool TryGetDecodedOnce(IStateStore store, InstanceTable<TValue> instances, ReadOnlySpan<byte> keyBytes, out CacheEntry<TValue> entry)
    {
        if (instances.TryGet(keyBytes, out var value, out var metadata, out var ticket))
        {
            entry = EntryOf(value, metadata);
            return true;
        }

        if (!TryGetFromStore(store, keyBytes, out entry))
            return false;
        instances.Install(ticket, keyBytes, entry.Value, new EntryMetadata(entry.Partition, entry.Offset, entry.Timestamp.ToUnixTimeMilliseconds()));
        return true;
    }

    private bool TryGetFromStore(IStateStore store, ReadOnlySpan<byte> keyBytes, out CacheEntry<TValue> entry)
    {
        using var stored = store.Read(keyBytes);
        if (!stored.Found)
        {
            entry = default;
            return false;
        }

        if (stored.Metadata.IsQuarantined)
            throw Quarantined(stored.Metadata);
        entry = DecodeEntry(stored.Metadata, stored.Value);
        return true;
    }

    private TKey DecodeKey(StoreScan scan)
    {
        try
        {
            return keys.Decode(scan.Key);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(scan.Metadata.Partition, scan.Metadata.Offset, RecordErrorReason.UndecodableKey, undecodable.Message);
        }
    }

    private CacheEntry<TValue> DecodeEntry(in EntryMetadata metadata, ReadOnlySpan<byte> valueBytes)
    {
        try
        {
            return EntryOf(values.Decode(valueBytes), metadata);
        }
        catch (FormatException undecodable)
        {
            throw RecordErrors.At(metadata.Partition, metadata.Offset, RecordErrorReason.UndecodableValue, undecodable.Message);
        }
    }

    private static CacheEntry<TValue> EntryOf(TValue value, in EntryMetadata metadata) =>
        new(value, metadata.Partition, metadata.Offset, RecordTime.Of(metadata.TimestampMs));

    private static RecordErrorException Quarantined(in EntryMetadata metadata) => RecordErrors.At(
        metadata.Partition, metadata.Offset, (RecordErrorReason)(metadata.Quarantine - 1), "Its key is quarantined until a good record comes.");
}
