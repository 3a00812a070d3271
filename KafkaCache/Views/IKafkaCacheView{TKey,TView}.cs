using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching;

/// <summary>A view: the entries of a cache, each joined with entries of other caches when it is read. It holds no entries of its own. A
/// read uses the current state of each cache. Caches of different topics may be at different points in time. Every member may be called
/// from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys, which are those of the first cache.</typeparam>
/// <typeparam name="TView">The type of the joined values.</typeparam>
public interface IKafkaCacheView<TKey, TView> : IKafkaCacheView
    where TKey : notnull
{
    /// <summary>Gets the joined value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The joined value, or <c>default(TView)</c> if the first cache has no value for the key. An entry that another cache does
    /// not have is joined as <see langword="null"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    /// <exception cref="RecordErrorException">One of the entries can't be decoded, or is quarantined.</exception>
    /// <exception cref="CacheNotReadyException">One of the caches is in a phase in which its options refuse reads.</exception>
    /// <exception cref="CacheFaultedException">One of the caches has faulted and its option <c>ReadWhenFaulted</c> is off.</exception>
    /// <exception cref="ObjectDisposedException">One of the caches has been disposed of.</exception>
    TView? Get(TKey key);

    /// <summary>Gets the joined value of a key, and reports whether there is one. Throws the same exceptions as
    /// <see cref="Get"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="view">The joined value, if there is one; otherwise <c>default(TView)</c>.</param>
    /// <returns>Whether the first cache has a value for the key.</returns>
    bool TryGet(TKey key, [MaybeNullWhen(false)] out TView view);

    /// <summary>Enumerates all joined values. For the keys, the guarantees are those of
    /// <see cref="IReadOnlyKafkaCache{TKey, TValue}.Scan"/>.</summary>
    /// <returns>The joined values, in no particular order. The enumeration throws the same exceptions as <see cref="Get"/>.</returns>
    IEnumerable<KeyValuePair<TKey, TView>> Scan();

    /// <summary>Finds entries by an index of the first cache, and joins them. For the keys, the guarantees are those of
    /// <see cref="IReadOnlyKafkaCache{TKey, TValue}.Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>.</summary>
    /// <typeparam name="TTerm">The type of the terms.</typeparam>
    /// <param name="index">The index, from the options of the first cache.</param>
    /// <param name="term">The term.</param>
    /// <returns>The joined values, in no particular order. The enumeration throws the same exceptions as <see cref="Get"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="index"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">The index does not belong to the first cache.</exception>
    IEnumerable<KeyValuePair<TKey, TView>> Find<TTerm>(CacheIndex<TTerm> index, TTerm term);

    /// <summary>Does the same as <see cref="Find{TTerm}(CacheIndex{TTerm}, TTerm)"/>, for an index that is identified by its
    /// name.</summary>
    /// <typeparam name="TTerm">The type of the terms.</typeparam>
    /// <param name="index">The name of the index.</param>
    /// <param name="term">The term.</param>
    /// <returns>The joined values, in no particular order.</returns>
    /// <exception cref="ArgumentException">The first cache has no index of this name, or its terms have another type.</exception>
    IEnumerable<KeyValuePair<TKey, TView>> Find<TTerm>(string index, TTerm term);

    /// <summary>Reports the joined values and then every change: first the initial content, then one <see cref="CacheChangeKind.Ready"/>,
    /// then a change whenever one of the entries in a joined value changes. The changes of each key form a chain: the previous value of
    /// each change is the current value of the change before it. When the caches no longer change, the current value of the last change of
    /// each key is the value that <see cref="Get"/> returns.</summary>
    /// <param name="options">What to report. The filters apply to the keys of the view, and <c>Overflow</c> and <c>MaxPending</c> to the
    /// changes of each cache. A view has no cursors. Default: everything.</param>
    /// <param name="cancellationToken">Ends the watch with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>An endless sequence of changes. The watch begins with the enumeration, waits until all caches are ready, and ends when the
    /// enumerator is disposed of. Each enumeration is a separate watch.</returns>
    /// <remarks>A watch remembers the value that it has reported for each key, and the entries from which the value was joined. If such an
    /// entry changes several times in quick succession, the watch may report only the last of these changes. With <c>SkipInitial</c>, it
    /// also remembers the initial content, and reports no change that leads back to a value that it remembers.</remarks>
    /// <exception cref="ArgumentException">The options request cursors.</exception>
    /// <exception cref="NotSupportedException">The type of the view's keys or of the keys of a joined cache does not implement equality.
    /// The enumeration throws it.</exception>
    /// <exception cref="WatchOverflowException">While enumerating: the watcher was too slow, with
    /// <see cref="WatchOverflow.Fail"/>.</exception>
    /// <exception cref="RecordErrorException">While enumerating: a key or value can't be decoded. An entry that is quarantined counts as
    /// missing.</exception>
    /// <exception cref="CacheNotReadyException">While enumerating: a stale cache whose option <c>ReadWhenStale</c> is off had to be
    /// read.</exception>
    /// <exception cref="CacheFaultedException">While enumerating: one of the caches has faulted.</exception>
    /// <exception cref="ObjectDisposedException">While enumerating: one of the caches has been disposed of.</exception>
    IAsyncEnumerable<ViewChange<TKey, TView>> WatchAsync(
        WatchOptions<TKey>? options = null, CancellationToken cancellationToken = default);
}
