using KafkaCaching.Encodings;
using KafkaCaching.Generations;
using KafkaCaching.Indexes;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Reads;

/// <summary>Finds entries by index: it takes the generation that readers see, looks the keys up in that generation's index, reads each
/// entry, and returns those that have the term.</summary>
internal sealed class IndexReader<TKey, TValue>(
    CacheState state, EntryReader<TKey, TValue> entries, Codec<TKey> keys, Codec<TValue> values, CacheIndexes<TValue> indexes)
    where TKey : notnull
{
    private const int KeysAtOnce = 256;
    private const int PrefetchedKeys = 8;

    private readonly IIndexDefinition<TValue>[] _definitions = [.. indexes.All];
    private readonly EntryDecoder<TKey, TValue> _decoder = new(keys, values);

    public IReadOnlyList<CacheIndex> Indexes { get; } = [.. indexes.All.Cast<CacheIndex>()];

    /// <exception cref="ArgumentException">The cache has no such index.</exception>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Find<TTerm>(string name, TTerm term)
    {
        var named = Array.Find(_definitions, definition => definition.Name == name) ?? throw new ArgumentException(
            $"The cache has no index '{name}'. It has {Names()}.", nameof(name));
        return named is CacheIndex<TTerm> index
            ? Find(index, term)
            : throw new ArgumentException($"The terms of the index '{name}' are not of type {typeof(TTerm)}.", nameof(term));
    }

    /// <exception cref="ArgumentException">The index belongs to another cache.</exception>
    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Find<TTerm>(CacheIndex<TTerm> index, TTerm term) =>
        Read(Definition(index), Position(index), term);

    /// <exception cref="ArgumentException">The index belongs to another cache.</exception>
    public long CountOf<TTerm>(CacheIndex<TTerm> index, TTerm term)
    {
        var count = 0L;
        foreach (var _ in Find(index, term))
            count++;
        return count;
    }

    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ScanPrefix(TKey prefix)
    {
        RequireOrder();
        if (typeof(TKey) == typeof(Guid) || typeof(TKey) == typeof(int) || typeof(TKey) == typeof(long))
            throw new NotSupportedException($"A {typeof(TKey).Name} is always a whole key, not a prefix. Use ScanRange.");
        var first = CopyOf(prefix);
        return ReadOrdered(first, EndOfPrefix(first));
    }

    public IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ScanRange(TKey from, TKey to)
    {
        RequireOrder();
        return ReadOrdered(CopyOf(from), CopyOf(to));
    }

    private IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Read<TTerm>(
        IndexDefinition<TValue, TTerm> definition, int index, TTerm term)
    {
        var generation = RetainReadable();
        try
        {
            var found = generation.Indexes!.KeysOf(index, IndexDefinition<TValue, TTerm>.HashOf(term));
            for (var i = 0; i < found.Count; i++)
            {
                PrefetchAhead(generation, found, i);
                var key = found[i];
                if (entries.TryGetGood(generation, key, out var entry) && definition.Has(entry.Value, term))
                    yield return KeyValuePair.Create(KeyOf(key, entry), entry);
            }
        }
        finally
        {
            generation.Release();
        }
    }

    private IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ReadOrdered(byte[] from, byte[]? end)
    {
        var generation = RetainReadable();
        try
        {
            var (last, isAfter) = (from, false);
            var found = new List<byte[]>(KeysAtOnce);
            do
            {
                found.Clear();
                generation.Indexes!.AddKeysFrom(last, isAfter, end, KeysAtOnce, found);
                for (var i = 0; i < found.Count; i++)
                {
                    PrefetchAhead(generation, found, i);
                    var key = found[i];
                    if (entries.TryGetGood(generation, key, out var entry))
                        yield return KeyValuePair.Create(KeyOf(key, entry), entry);
                }

                (last, isAfter) = (found.Count > 0 ? found[^1] : last, true);
            }
            while (found.Count == KeysAtOnce);
        }
        finally
        {
            generation.Release();
        }
    }

    // The entries are scattered over the store's memory, so without prefetching, the processor would have to wait for each of them.
    private static void PrefetchAhead(Generation generation, List<byte[]> keys, int i)
    {
        if (i + PrefetchedKeys < keys.Count)
            generation.Store.Prefetch(keys[i + PrefetchedKeys]);
    }

    // The encoding of a byte[] key is the caller's own array, which may change before the scan begins.
    private byte[] CopyOf(TKey key) => [.. keys.Encode(key)];

    private TKey KeyOf(byte[] key, in CacheEntry<TValue> entry) => _decoder.Key(new EntryMetadata(entry.Partition, entry.Offset, 0), key);

    // A generation that has just been retired may be released before it is retained here. Its successor is visible by then.
    private Generation RetainReadable()
    {
        while (true)
        {
            var generation = entries.Readable();
            if (generation.TryRetain())
                return generation;
            if (state.Readable == generation)
                throw state.Disposed();
        }
    }

    private IndexDefinition<TValue, TTerm> Definition<TTerm>(CacheIndex<TTerm> index)
    {
        ArgumentNullException.ThrowIfNull(index);
        return index as IndexDefinition<TValue, TTerm> ?? throw new ArgumentException(Foreign(index.Name), nameof(index));
    }

    private int Position<TTerm>(CacheIndex<TTerm> index) =>
        Array.IndexOf(_definitions, (IIndexDefinition<TValue>)index) is >= 0 and var at
            ? at
            : throw new ArgumentException(Foreign(index.Name), nameof(index));

    private string Foreign(string name) => $"The index '{name}' was not created by this cache's options. The cache has {Names()}.";

    private string Names() => _definitions.Length == 0
        ? "no index: add one to the option Indexes"
        : $"the indexes {string.Join(", ", _definitions.Select(static definition => $"'{definition.Name}'"))}";

    private void RequireOrder()
    {
        if (!indexes.OrderKeys)
            throw new InvalidOperationException("The keys are not kept in order. Set the option Indexes.OrderKeys.");
    }

    // Returns the lowest key above all keys that begin with the prefix. There is none if every byte of the prefix is 0xFF.
    private static byte[]? EndOfPrefix(byte[] prefix)
    {
        var last = prefix.AsSpan().LastIndexOfAnyExcept(byte.MaxValue);
        if (last < 0)
            return null;
        var end = prefix[..(last + 1)];
        end[last]++;
        return end;
    }
}
