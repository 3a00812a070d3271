using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching;

/// <summary>The latest value per key of a topic, in this process. Whoever made the cache disposes of it; whoever is handed it reads.
/// Every member may be called from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public interface IReadOnlyKafkaCache<TKey, TValue> : IKafkaCache
    where TKey : notnull
{
    /// <summary>The number of readable entries, exact. Throws as reads do.</summary>
    /// <exception cref="CacheNotReadyException">The cache is not ready, and <c>ReadBeforeReady</c> is off; or stale, and
    /// <c>ReadWhenStale</c> is off.</exception>
    /// <exception cref="CacheFaultedException">The cache is faulted, and <c>ReadWhenFaulted</c> is off.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    long Count { get; }

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value, or the default of <typeparamref name="TValue"/> when there is none; for value types use
    /// <see cref="TryGet"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    /// <exception cref="RecordErrorException">The key's value can't be decoded, or is quarantined.</exception>
    /// <exception cref="CacheNotReadyException">The cache is not ready, and <c>ReadBeforeReady</c> is off; or stale, and
    /// <c>ReadWhenStale</c> is off.</exception>
    /// <exception cref="CacheFaultedException">The cache is faulted, and <c>ReadWhenFaulted</c> is off.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    TValue? Get(TKey key);

    /// <summary>The value of a key, and whether there is one. Throws as <see cref="Get"/> does.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, when there is one.</param>
    /// <returns>Whether the key has a value.</returns>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>The entry of a key: its value with the place and the time of its record. Throws as <see cref="Get"/> does.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry, when there is one.</param>
    /// <returns>Whether the key has a value.</returns>
    bool TryGetEntry(TKey key, out CacheEntry<TValue> entry);

    /// <summary>Whether a key has a value. Decodes nothing, and throws as <see cref="Get"/> does otherwise.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    bool ContainsKey(TKey key);

    /// <summary>The values of several keys, each read as <see cref="Get"/> reads one. All together are no snapshot: the log may move on in
    /// between.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>Those that have a value, in the order asked for.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> or one of them is <see langword="null"/>.</exception>
    IReadOnlyList<KeyValuePair<TKey, TValue>> GetMany(IEnumerable<TKey> keys);

    /// <summary>Writes the bytes of a key's value, as they stand in the topic or as a resolver's value was encoded, to a buffer: for who
    /// passes them on, and allocates nothing. Throws as <see cref="Get"/> does, but for values that can't be decoded: nothing is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Takes the bytes, none when the value is empty. Left alone when the key has no value.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    bool TryGetBytes(TKey key, IBufferWriter<byte> destination);

    /// <summary>As <see cref="TryGetBytes(TKey, IBufferWriter{byte})"/>, with the place and the time of the record that the value came
    /// from.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Takes the bytes, none when the value is empty. Left alone when the key has no value.</param>
    /// <param name="position">The position of the record, when the key has a value.</param>
    /// <param name="timestamp">The record's timestamp, when the key has a value.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    bool TryGetBytes(TKey key, IBufferWriter<byte> destination, out CachePosition position, out DateTimeOffset timestamp);

    /// <summary>All keys, with the promises of <see cref="Scan"/>. Decodes no value.</summary>
    IEnumerable<TKey> Keys { get; }

    /// <summary>All entries, read while updates go on. A key that is present throughout appears at least once; one that changes meanwhile
    /// may appear more than once, with the value it had at that moment. Quarantined keys are left out. Dispose of the enumerator early to
    /// stop early.</summary>
    /// <returns>The entries, in no order. Each enumeration reads anew, and throws as <see cref="Get"/> does.</returns>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan();
}
