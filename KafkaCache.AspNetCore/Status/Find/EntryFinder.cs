using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace KafkaCaching.AspNetCore.Status.Find;

/// <summary>Looks up a key, a prefix or an index term that a user has typed, in a cache with any types of keys and values.</summary>
internal abstract class EntryFinder
{
    private static readonly ConcurrentDictionary<Type, EntryFinder> ByCacheType = [];

    /// <summary>Looks up a key. Safe to call from any thread.</summary>
    /// <returns>The entry, or <see langword="null"/> if the key has none.</returns>
    /// <exception cref="FormatException">The text is not a key of the cache. The message describes the form of a key.</exception>
    /// <exception cref="CacheNotReadyException">The cache can't be read yet.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted.</exception>
    /// <exception cref="RecordErrorException">The key is quarantined.</exception>
    public static FoundEntry? Find(IKafkaCache cache, string key) => For(cache).FindTyped(cache, key);

    /// <summary>Looks up the keys that begin with a prefix, in their order.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static FoundKeys FindPrefix(IKafkaCache cache, string prefix) => FoundKeys.Of(For(cache).FindPrefixTyped(cache, prefix));

    /// <summary>Looks up the keys of the entries that have a term in an index.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static FoundKeys FindTerm(IKafkaCache cache, string index, string term) =>
        FoundKeys.Of(For(cache).FindTermTyped(cache, index, term));

    protected abstract FoundEntry? FindTyped(IKafkaCache cache, string key);

    protected abstract IEnumerable<string> FindPrefixTyped(IKafkaCache cache, string prefix);

    protected abstract IEnumerable<string> FindTermTyped(IKafkaCache cache, string index, string term);

    private static EntryFinder For(IKafkaCache cache) => ByCacheType.GetOrAdd(cache.GetType(), Make);

    private static EntryFinder Make(Type cache)
    {
        var readable = Array.Find(
            cache.GetInterfaces(), static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IReadOnlyKafkaCache<,>))
            ?? throw new FormatException($"{cache} can't be searched: it is not an IReadOnlyKafkaCache<TKey, TValue>.");
        return (EntryFinder)Activator.CreateInstance(typeof(EntryFinder<,>).MakeGenericType(readable.GetGenericArguments()))!;
    }
}

internal sealed class EntryFinder<TKey, TValue> : EntryFinder
    where TKey : notnull
{
    protected override FoundEntry? FindTyped(IKafkaCache cache, string key)
    {
        var typed = KeyText.Parse<TKey>(key, "key");
        var readable = (IReadOnlyKafkaCache<TKey, TValue>)cache;
        try
        {
            return (typeof(TValue) == typeof(int) || typeof(TValue) == typeof(long)) && FindNumber(readable, typed) is { } number
                ? number
                : FindBytes(readable, typed);
        }
        catch (ArgumentException unencodable)
        {
            throw new FormatException("The text is not a key of the cache, because it can't be encoded as one.", unencodable);
        }
    }

    protected override IEnumerable<string> FindPrefixTyped(IKafkaCache cache, string prefix)
    {
        var typed = KeyText.Parse<TKey>(prefix, "prefix");
        try
        {
            return ((IReadOnlyKafkaCache<TKey, TValue>)cache).ScanPrefix(typed).Select(static pair => KeyText.Of(pair.Key));
        }
        catch (NotSupportedException wholeKeys)
        {
            throw new FormatException($"Keys of type {typeof(TKey).Name} have no prefixes.", wholeKeys);
        }
        catch (InvalidOperationException unordered) when (unordered.GetType() == typeof(InvalidOperationException))
        {
            throw new FormatException("The keys of this cache are not kept in order. Set its option Indexes.OrderKeys.", unordered);
        }
        catch (ArgumentException unencodable)
        {
            throw new FormatException("The text is not a prefix of a key, because it can't be encoded as one.", unencodable);
        }
    }

    protected override IEnumerable<string> FindTermTyped(IKafkaCache cache, string index, string term)
    {
        var readable = (IReadOnlyKafkaCache<TKey, TValue>)cache;
        var named = readable.Indexes.FirstOrDefault(one => one.Name == index)
            ?? throw new FormatException("The cache has no such index.");
        return typeof(EntryFinder<TKey, TValue>).GetMethod(nameof(KeysOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(named.TermType).CreateDelegate<KeysOfTerm>()(readable, named, term);
    }

    private delegate IEnumerable<string> KeysOfTerm(IReadOnlyKafkaCache<TKey, TValue> cache, CacheIndex index, string term);

    private static IEnumerable<string> KeysOf<TTerm>(IReadOnlyKafkaCache<TKey, TValue> cache, CacheIndex index, string term) =>
        cache.Find((CacheIndex<TTerm>)index, KeyText.Parse<TTerm>(term, "term")).Select(static pair => KeyText.Of(pair.Key));

    // Reads the value as bytes, so that a value that can't be decoded can be shown too.
    private static FoundEntry? FindBytes(IReadOnlyKafkaCache<TKey, TValue> cache, TKey key)
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (!cache.TryGetBytes(key, bytes, out var position, out var timestamp))
            return null;
        var (text, format) = ValueText.Of(bytes.WrittenMemory);
        return new FoundEntry(text, format, position, timestamp);
    }

    private static FoundEntry? FindNumber(IReadOnlyKafkaCache<TKey, TValue> cache, TKey key)
    {
        try
        {
            return cache.TryGetEntry(key, out var entry)
                ? new FoundEntry(
                    Convert.ToString(entry.Value, CultureInfo.InvariantCulture)!, FoundFormat.Text, entry.Position, entry.Timestamp)
                : null;
        }
        catch (RecordErrorException undecodable) when (undecodable.Reason == RecordErrorReason.UndecodableValue)
        {
            // The caller reads the bytes instead. If the key is quarantined because of this error, that read throws the same exception.
            return null;
        }
    }
}
