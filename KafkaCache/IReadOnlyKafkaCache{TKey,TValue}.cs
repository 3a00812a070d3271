using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching;

/// <summary>Holds the latest value of each key of a topic in this process. The code that created the cache disposes of it; code that
/// receives the cache only reads from it. Every member may be called from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public interface IReadOnlyKafkaCache<TKey, TValue> : IKafkaCache
    where TKey : notnull
{
    /// <summary>The exact number of readable entries.</summary>
    /// <exception cref="CacheNotReadyException">The cache is not ready and <c>ReadBeforeReady</c> is off, or it is stale and
    /// <c>ReadWhenStale</c> is off.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted and <c>ReadWhenFaulted</c> is off.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    long Count { get; }

    /// <summary>A number that changes whenever a record is applied. Code that derives a result from several entries can read the number
    /// first and then the entries, and keep the result until the number changes. Reading the number takes a few nanoseconds. Entries that
    /// expire or are evicted don't change it. It is 0 if nothing is known, for instance because the cache can't be read now.</summary>
    long ContentVersion => 0;

    /// <summary>Gets the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value, or <c>default(TValue)</c> if the key has no value. If <typeparamref name="TValue"/> is a value type, that
    /// default (for instance 0) may also be a value in the topic; <see cref="TryGet"/> distinguishes the two cases.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    /// <exception cref="RecordErrorException">The key's value can't be decoded, or the key is quarantined.</exception>
    /// <exception cref="CacheNotReadyException">The cache is not ready and <c>ReadBeforeReady</c> is off, or it is stale and
    /// <c>ReadWhenStale</c> is off.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted and <c>ReadWhenFaulted</c> is off.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    TValue? Get(TKey key);

    /// <summary>Gets the value of a key, and reports whether the key has one. Throws the same exceptions as <see cref="Get"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, if the key has one; otherwise <c>default(TValue)</c>.</param>
    /// <returns>Whether the key has a value.</returns>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value);

    /// <summary>Gets the entry of a key: its value with the position and the timestamp of its record. Throws the same exceptions as
    /// <see cref="Get"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry, if the key has a value.</param>
    /// <returns>Whether the key has a value.</returns>
    bool TryGetEntry(TKey key, out CacheEntry<TValue> entry);

    /// <summary>Whether a key has a value. No value is decoded, so a value that can't be decoded does not cause an exception. Otherwise,
    /// throws the same exceptions as <see cref="Get"/>.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    bool ContainsKey(TKey key);

    /// <summary>Gets the values of several keys, each as <see cref="Get"/> does. The values are not a snapshot, because records may be
    /// applied between the reads.</summary>
    /// <param name="keys">The keys.</param>
    /// <returns>The keys that have a value, with their values, in the order of the request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="keys"/> or one of them is <see langword="null"/>.</exception>
    IReadOnlyList<KeyValuePair<TKey, TValue>> GetMany(IEnumerable<TKey> keys);

    /// <summary>Writes the bytes of a key's value to a buffer. They are the bytes in the topic or, with a resolver, the encoded value that
    /// the resolver yielded. The call allocates nothing, and is meant for code that passes the bytes on. No value is decoded, so a value
    /// that can't be decoded does not cause an exception. Otherwise, throws the same exceptions as <see cref="Get"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Receives the bytes. Nothing is written to it if the value is empty or if the key has no value.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    bool TryGetBytes(TKey key, IBufferWriter<byte> destination);

    /// <summary>Does the same as <see cref="TryGetBytes(TKey, IBufferWriter{byte})"/>, with the position and the timestamp of the record
    /// that the value came from.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Receives the bytes. Nothing is written to it if the value is empty or if the key has no value.</param>
    /// <param name="position">The position of the record, if the key has a value.</param>
    /// <param name="timestamp">The record's timestamp, if the key has a value.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    bool TryGetBytes(TKey key, IBufferWriter<byte> destination, out CachePosition position, out DateTimeOffset timestamp);

    /// <summary>Enumerates all keys, with the same guarantees as <see cref="Scan"/>. No value is decoded.</summary>
    IEnumerable<TKey> Keys { get; }

    /// <summary>Enumerates all entries while updates continue. A key that is present during the whole scan appears at least once. A key
    /// that changes during the scan may appear more than once, each time with the value that it had at that moment. Quarantined keys are
    /// left out. To stop early, dispose of the enumerator.</summary>
    /// <returns>The entries, in no particular order. Each enumeration reads the cache again, and throws the same exceptions as
    /// <see cref="Get"/>.</returns>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan();

    /// <summary>Reports the entries and then every change: first the initial content, then one <see cref="CacheChangeKind.Ready"/>, then
    /// the changes as the cache applies them. The changes of each key form a chain: the previous entry of each change is the current entry
    /// of the change before it. There may be any number of watchers, each at its own pace.</summary>
    /// <param name="options">What to report. Default: everything.</param>
    /// <param name="cancellationToken">Ends the watch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>An endless sequence of changes. The watch begins with the enumeration, waits until the cache is ready, and ends when the
    /// enumerator is disposed of. Each enumeration is a separate watch.</returns>
    /// <remarks>When the cache is rebuilt, the watch reports the entries that differ, with
    /// <see cref="CacheChange{TKey, TValue}.FromRebuild"/> set. An entry that comes from another record differs, even if its value is the
    /// same. A quarantined key counts as removed. If the store runs out of memory and moves entries during the initial scan, an entry may
    /// be reported twice; the result of all the changes is still correct.</remarks>
    /// <exception cref="WatchOverflowException">While enumerating: the watcher was too slow, with
    /// <see cref="WatchOverflow.Fail"/>.</exception>
    /// <exception cref="RecordErrorException">While enumerating: a key or value can't be decoded. With
    /// <see cref="DecodeMode.OnReplay"/>, such records never become entries.</exception>
    /// <exception cref="CacheFaultedException">While enumerating: the cache has faulted.</exception>
    /// <exception cref="ObjectDisposedException">While enumerating: the cache has been disposed of.</exception>
    IAsyncEnumerable<CacheChange<TKey, TValue>> WatchAsync(
        WatchOptions<TKey>? options = null, CancellationToken cancellationToken = default);

    /// <summary>The indexes that the cache's options declare, in the order of their declaration.</summary>
    IReadOnlyList<CacheIndex> Indexes => [];

    /// <summary>Finds the entries that have a term in an index. Every entry that is returned has the term, and every entry that has the
    /// term during the whole enumeration is returned. An entry that changes during the enumeration may or may not be returned.</summary>
    /// <typeparam name="TTerm">The type of the terms.</typeparam>
    /// <param name="index">The index, from the cache's options.</param>
    /// <param name="term">The term.</param>
    /// <returns>The entries, in no particular order. Each enumeration searches the index again, and throws the same exceptions as
    /// <see cref="Get"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The index does not belong to this cache.</exception>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Find<TTerm>(CacheIndex<TTerm> index, TTerm term);

    /// <summary>Does the same as <see cref="Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>, for an index that is identified by its
    /// name.</summary>
    /// <typeparam name="TTerm">The type of the terms.</typeparam>
    /// <param name="index">The name of the index.</param>
    /// <param name="term">The term.</param>
    /// <returns>The entries, in no particular order.</returns>
    /// <exception cref="ArgumentException">There is no index of this name, or its terms have another type.</exception>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Find<TTerm>(string index, TTerm term);

    /// <summary>Counts the entries that have a term in an index. It reads every one of these entries, and throws the same exceptions as
    /// <see cref="Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>.</summary>
    /// <typeparam name="TTerm">The type of the terms.</typeparam>
    /// <param name="index">The index, from the cache's options.</param>
    /// <param name="term">The term.</param>
    /// <returns>The number of entries.</returns>
    long CountOf<TTerm>(CacheIndex<TTerm> index, TTerm term);

    /// <summary>Enumerates the entries whose encoded key begins with an encoded prefix, in the order of the keys' bytes. This requires
    /// <see cref="CacheIndexes{TValue}.OrderKeys"/>. The guarantees are the same as those of
    /// <see cref="Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <returns>The entries, in order.</returns>
    /// <exception cref="InvalidOperationException">The keys are not kept in order.</exception>
    /// <exception cref="NotSupportedException">Keys of type Guid, int or long have no prefixes.</exception>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ScanPrefix(TKey prefix);

    /// <summary>Enumerates the entries whose encoded key lies in a range, in the order of the keys' bytes. For <c>string</c> this is the
    /// order of the code points; for <c>int</c> and <c>long</c>, negative numbers come after all others. This requires
    /// <see cref="CacheIndexes{TValue}.OrderKeys"/>. The guarantees are the same as those of
    /// <see cref="Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>.</summary>
    /// <param name="from">The first key of the range.</param>
    /// <param name="to">The first key after the range.</param>
    /// <returns>The entries, in order.</returns>
    /// <exception cref="InvalidOperationException">The keys are not kept in order.</exception>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> ScanRange(TKey from, TKey to);
}
