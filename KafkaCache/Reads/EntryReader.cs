using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Reads;

/// <summary>Reads entries: it takes the generation that readers see, looks the key up in that generation's store, and decodes the
/// entry.</summary>
internal sealed class EntryReader<TKey, TValue>(
    CacheState state, Codec<TKey> keys, Codec<TValue> values, TimeProvider time, ReadCounts? counts = null, bool notesReads = false)
    where TKey : notnull
{
    private const int KeyOnStack = 256;

    private readonly EntryDecoder<TKey, TValue> _decoder = new(keys, values);
    private InstanceTable<TValue>? _instances;

    public long Count
    {
        get
        {
            while (true)
            {
                var generation = Readable();
                try
                {
                    return generation.WholeStore.Count;
                }
                catch (ObjectDisposedException) when (state.Readable != generation)
                {
                    // The generation was retired in the meantime, as in TryGet.
                }
            }
        }
    }

    // The stack memory is allocated outside the method with the loop, because .NET does not use tiered compilation for a method that has
    // both a loop and a stackalloc. It would be compiled once, without profile data.
    [SkipLocalsInit]
    public bool TryGet(TKey key, out CacheEntry<TValue> entry) => TryGet(Encode(key, stackalloc byte[KeyOnStack]), out entry);

    /// <summary>Gets only the value, because copying the whole entry takes a measurable part of the time of a read.</summary>
    [SkipLocalsInit]
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        TryGetValue(Encode(key, stackalloc byte[KeyOnStack]), out value);

    [SkipLocalsInit]
    public bool TryGetBytes(TKey key, IBufferWriter<byte> destination) =>
        TryGetBytes(Encode(key, stackalloc byte[KeyOnStack]), destination);

    /// <summary>Also returns the entry's metadata, which takes a measurable part of the time of a read.</summary>
    [SkipLocalsInit]
    public bool TryGetBytes(TKey key, IBufferWriter<byte> destination, out EntryMetadata metadata) =>
        TryGetBytes(Encode(key, stackalloc byte[KeyOnStack]), destination, out metadata);

    [SkipLocalsInit]
    public bool Contains(TKey key) => Contains(Encode(key, stackalloc byte[KeyOnStack]));

    public IEnumerable<TKey> Keys()
    {
        using var scan = OpenScan();
        while (scan.MoveNext())
        {
            if (!scan.Metadata.IsQuarantined)
                yield return _decoder.Key(scan.Metadata, scan.Key);
        }
    }

    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan()
    {
        using var scan = OpenScan();
        while (scan.MoveNext())
        {
            if (!scan.Metadata.IsQuarantined)
                yield return KeyValuePair.Create(_decoder.Key(scan.Metadata, scan.Key), _decoder.Entry(scan.Metadata, scan.Content));
        }
    }

    private ReadOnlySpan<byte> Encode(TKey key, Span<byte> onStack) =>
        keys.TryEncode(key, onStack, out var written) ? onStack[..written] : keys.Encode(key);

    private bool TryGetValue(ReadOnlySpan<byte> keyBytes, [MaybeNullWhen(false)] out TValue value)
    {
        if (FindDecoded(keyBytes) is { } decoded)
        {
            value = decoded.Entry.Value;
            counts?.Count(true);
            return true;
        }

        var found = TryGet(keyBytes, out var entry);
        value = entry.Value;
        return found;
    }

    private DecodedEntry<TValue>? FindDecoded(ReadOnlySpan<byte> keyBytes) =>
        state.Readable is { } generation && !notesReads
        && InstancesOf(generation)?.Find(keyBytes, out _) is { } decoded && !decoded.Entry.Deadline.IsPast(time)
            ? decoded
            : null;

    // The most recently used table is cached with its type, because a checked cast takes a measurable part of the time of a read.
    private InstanceTable<TValue>? InstancesOf(Generation generation)
    {
        var last = _instances;
        return generation.Instances == last ? last : _instances = (InstanceTable<TValue>?)generation.Instances;
    }

    private bool TryGet(ReadOnlySpan<byte> keyBytes, out CacheEntry<TValue> entry)
    {
        while (true)
        {
            Generation? generation = null;
            try
            {
                generation = Readable();
                var found = InstancesOf(generation) is { } instances
                    ? TryGetDecodedOnce(generation.Store, instances, keyBytes, out entry)
                    : TryGetFromStore(generation.Store, keyBytes, out entry);
                counts?.Count(found);
                return found;
            }
            catch (ObjectDisposedException) when (state.Readable != generation)
            {
                // The generation was retired after this thread obtained it and before this thread read it. The next iteration uses its
                // successor, or reports why there is none.
            }
            catch (Exception) when (CountRefused())
            {
                throw;
            }
        }
    }

    private bool Contains(ReadOnlySpan<byte> keyBytes)
    {
        try
        {
            using var stored = Read(keyBytes);
            var found = IsGood(stored);
            counts?.Count(found);
            return found;
        }
        catch (Exception) when (CountRefused())
        {
            throw;
        }
    }

    private bool TryGetBytes(ReadOnlySpan<byte> keyBytes, IBufferWriter<byte> destination)
    {
        try
        {
            using var stored = Read(keyBytes);
            return TryPass(stored, destination);
        }
        catch (Exception) when (CountRefused())
        {
            throw;
        }
    }

    private bool TryGetBytes(ReadOnlySpan<byte> keyBytes, IBufferWriter<byte> destination, out EntryMetadata metadata)
    {
        try
        {
            using var stored = Read(keyBytes);
            metadata = stored.Metadata;
            return TryPass(stored, destination);
        }
        catch (Exception) when (CountRefused())
        {
            throw;
        }
    }

    private bool TryPass(in StoredEntry stored, IBufferWriter<byte> destination)
    {
        var found = IsGood(stored);
        if (found)
            destination.Write(stored.Value);
        counts?.Count(found);
        return found;
    }

    // This exception filter never catches: it only counts, and it costs nothing when a read succeeds.
    private bool CountRefused()
    {
        counts?.CountRefused();
        return false;
    }

    private StoredEntry Read(ReadOnlySpan<byte> keyBytes)
    {
        while (true)
        {
            var generation = Readable();
            try
            {
                return generation.Store.Read(keyBytes);
            }
            catch (ObjectDisposedException) when (state.Readable != generation)
            {
                // The generation was retired in the meantime, as in TryGet.
            }
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
                // The generation was retired in the meantime, as in TryGet.
            }
        }
    }

    public Generation Readable()
    {
        while (true)
        {
            if (state.Readable is { } generation)
                return generation;
            var why = state.WhyUnreadable();
            if (state.Readable is null)
                throw why; // If not, the cache has become readable in the meantime, and the reason no longer applies.
        }
    }

    private bool TryGetDecodedOnce(
        IStateStore store, InstanceTable<TValue> instances, ReadOnlySpan<byte> keyBytes, out CacheEntry<TValue> entry)
    {
        if (instances.Find(keyBytes, out var ticket) is { } decoded && !decoded.Entry.Deadline.IsPast(time))
        {
            entry = decoded.Entry;
            if (notesReads)
                store.NoteRead(keyBytes);
            return true;
        }

        if (!TryGetFromStore(store, keyBytes, out entry))
            return false;
        instances.Install(ticket, keyBytes, entry);
        return true;
    }

    /// <summary>Gets an entry of a generation that the caller retains. A quarantined entry is treated as absent.</summary>
    public bool TryGetGood(Generation generation, ReadOnlySpan<byte> keyBytes, out CacheEntry<TValue> entry)
    {
        // InstancesOf is not called here, because it would cache the table of a generation that may be retired.
        var instances = (InstanceTable<TValue>?)generation.Instances;
        var ticket = default(InstanceTable<TValue>.Ticket);
        if (instances?.Find(keyBytes, out ticket) is { } decoded && !decoded.Entry.Deadline.IsPast(time))
        {
            entry = decoded.Entry;
            return true;
        }

        using var stored = generation.Store.Read(keyBytes);
        if (!stored.Found || stored.IsQuarantined)
        {
            entry = default;
            return false;
        }

        entry = _decoder.Entry(stored.Metadata, stored.Content);
        instances?.Install(ticket, keyBytes, entry);
        return true;
    }

    private bool TryGetFromStore(IStateStore store, ReadOnlySpan<byte> keyBytes, out CacheEntry<TValue> entry)
    {
        using var stored = store.Read(keyBytes);
        if (!IsGood(stored))
        {
            entry = default;
            return false;
        }

        entry = _decoder.Entry(stored.Metadata, stored.Content);
        return true;
    }

    private static bool IsGood(in StoredEntry stored)
    {
        if (stored.IsQuarantined)
            throw Quarantined(stored.Metadata);
        return stored.Found;
    }

    private static RecordErrorException Quarantined(in EntryMetadata metadata) => RecordErrors.At(
        metadata.Partition, metadata.Offset, (RecordErrorReason)(metadata.Quarantine - 1),
        "Its key is quarantined until a good record comes.");
}
