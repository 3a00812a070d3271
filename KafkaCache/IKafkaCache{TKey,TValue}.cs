namespace KafkaCaching;

/// <summary>A cache that also writes to its topic. A write goes to the log, and the cache reads it back from there, so only records in the
/// topic change the cache. Every member may be called from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public interface IKafkaCache<TKey, TValue> : IReadOnlyKafkaCache<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Writes a value. Depending on <paramref name="wait"/>, the call blocks until the broker has acknowledged the record, or
    /// until the value is readable in this cache. The call ends within <c>PutTimeout</c>, plus <c>ApplyTimeout</c> if it waits until the
    /// record is applied.</summary>
    /// <remarks>With a resolver, the key is the record key, not the key of an entry. Once the record is applied, its entries are readable
    /// under the keys that the resolver yields, unless a later record of another record key yields the same keys. <c>Get</c> with the
    /// record key may find nothing.</remarks>
    /// <param name="key">The key; with a resolver, the record key.</param>
    /// <param name="value">The value. It can't be <see langword="null"/>; to write a tombstone, call
    /// <see cref="Remove(TKey, PutWait)"/>.</param>
    /// <param name="wait">What to wait for.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    /// <exception cref="ArgumentNullException">The key or the value is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The cache is read-only. The message names the option <c>ReadOnly</c>.</exception>
    /// <exception cref="PutException">The put did not end as requested. <see cref="PutException.Outcome"/> says what is known about
    /// it.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of. Nothing was sent.</exception>
    PutResult Put(TKey key, TValue value, PutWait wait = PutWait.Acknowledged);

    /// <summary>Does the same as <see cref="Put(TKey, TValue, PutWait)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It can't be <see langword="null"/>.</param>
    /// <param name="options">How to write the record, and what to wait for.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    PutResult Put(TKey key, TValue value, PutOptions options);

    /// <summary>Writes a value. Depending on <paramref name="wait"/>, the task completes when the broker has acknowledged the record, or
    /// when the value is readable in this cache. Throws the same exceptions as <see cref="Put(TKey, TValue, PutWait)"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It can't be <see langword="null"/>; to write a tombstone, call
    /// <see cref="RemoveAsync(TKey, PutWait, CancellationToken)"/>.</param>
    /// <param name="wait">What to wait for.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write. Once the record has been passed to the producer, a cancellation
    /// throws a <see cref="PutException"/>, which says what is known about the record.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    /// <exception cref="OperationCanceledException">The call was cancelled before the record was passed to the producer. Nothing was
    /// sent.</exception>
    Task<PutResult> PutAsync(TKey key, TValue value, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="PutAsync(TKey, TValue, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value. It can't be <see langword="null"/>.</param>
    /// <param name="options">How to write the record, and what to wait for.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    Task<PutResult> PutAsync(TKey key, TValue value, PutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Writes a tombstone. The key is absent once the tombstone is applied. The call blocks in the same way as
    /// <see cref="Put(TKey, TValue, PutWait)"/>, and throws the same exceptions.</summary>
    /// <remarks>With a resolver, the tombstone retracts the entries that the record key yielded. They disappear, or their keys pass to the
    /// next record that yields them.</remarks>
    /// <param name="key">The key.</param>
    /// <param name="wait">What to wait for.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    PutResult Remove(TKey key, PutWait wait = PutWait.Acknowledged);

    /// <summary>Does the same as <see cref="Remove(TKey, PutWait)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">How to write the tombstone, and what to wait for.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    PutResult Remove(TKey key, PutOptions options);

    /// <summary>Writes a tombstone. The key is absent once the tombstone is applied. Throws the same exceptions as
    /// <see cref="PutAsync(TKey, TValue, PutWait, CancellationToken)"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wait">What to wait for.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    Task<PutResult> RemoveAsync(TKey key, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="RemoveAsync(TKey, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">How to write the tombstone, and what to wait for.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    Task<PutResult> RemoveAsync(TKey key, PutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Writes many values in batches. For each key, they are written in the order given. Each value has its own outcome, and a
    /// failure does not stop the others.</summary>
    /// <param name="entries">The keys and values. They are enumerated once, as room for sending becomes available.</param>
    /// <param name="wait">What to wait for, for each record.</param>
    /// <param name="cancellationToken">Cancels the waits. Entries that have not been passed to the producer yet end as
    /// <see cref="PutOutcome.NotCommitted"/>.</param>
    /// <returns>One attempt per entry, in order.</returns>
    /// <exception cref="InvalidOperationException">The cache is read-only. The message names the option <c>ReadOnly</c>.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of. Nothing was sent.</exception>
    Task<IReadOnlyList<PutAttempt>> PutManyAsync(
        IEnumerable<KeyValuePair<TKey, TValue>> entries, PutWait wait = PutWait.Acknowledged,
        CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="PutManyAsync(IEnumerable{KeyValuePair{TKey, TValue}}, PutWait, CancellationToken)"/>, with
    /// options.</summary>
    /// <param name="entries">The keys and values. They are enumerated once, as room for sending becomes available.</param>
    /// <param name="options">How to write each record, and what to wait for.</param>
    /// <param name="cancellationToken">Cancels the waits. Entries that have not been passed to the producer yet end as
    /// <see cref="PutOutcome.NotCommitted"/>.</param>
    /// <returns>One attempt per entry, in order.</returns>
    Task<IReadOnlyList<PutAttempt>> PutManyAsync(
        IEnumerable<KeyValuePair<TKey, TValue>> entries, PutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Writes many tombstones in batches, in the order given. Each tombstone has its own outcome, and a failure does not stop the
    /// others.</summary>
    /// <param name="keys">The keys. They are enumerated once, as room for sending becomes available.</param>
    /// <param name="wait">What to wait for, for each record.</param>
    /// <param name="cancellationToken">Cancels the waits. Tombstones that have not been passed to the producer yet end as
    /// <see cref="PutOutcome.NotCommitted"/>.</param>
    /// <returns>One attempt per key, in order.</returns>
    /// <exception cref="InvalidOperationException">The cache is read-only. The message names the option <c>ReadOnly</c>.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of. Nothing was sent.</exception>
    Task<IReadOnlyList<PutAttempt>> RemoveManyAsync(
        IEnumerable<TKey> keys, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="RemoveManyAsync(IEnumerable{TKey}, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="keys">The keys. They are enumerated once, as room for sending becomes available.</param>
    /// <param name="options">How to write each tombstone, and what to wait for.</param>
    /// <param name="cancellationToken">Cancels the waits. Tombstones that have not been passed to the producer yet end as
    /// <see cref="PutOutcome.NotCommitted"/>.</param>
    /// <returns>One attempt per key, in order.</returns>
    Task<IReadOnlyList<PutAttempt>> RemoveManyAsync(
        IEnumerable<TKey> keys, PutOptions options, CancellationToken cancellationToken = default);
}
