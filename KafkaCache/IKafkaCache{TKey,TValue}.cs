namespace KafkaCaching;

/// <summary>A cache that writes to its topic too. A write goes to the log and comes back through it: the cache changes only by what the
/// topic says. Every member may be called from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public interface IKafkaCache<TKey, TValue> : IReadOnlyKafkaCache<TKey, TValue>
    where TKey : notnull
{
    /// <summary>Writes a value and blocks until the broker has acknowledged it, or it is readable here. Ends within <c>PutTimeout</c>,
    /// and <c>ApplyTimeout</c> on top when waiting for the apply.</summary>
    /// <remarks>With a resolver, the key is that of the record, not of an entry. Once the record is applied, what the resolver makes of it
    /// is readable under the keys that it yields, unless a later record of another record key yields the same; <c>Get</c> with the put's
    /// key may find nothing.</remarks>
    /// <param name="key">The key; with a resolver the record key.</param>
    /// <param name="value">The value; not <see langword="null"/>: that is <see cref="Remove(TKey, PutWait)"/>.</param>
    /// <param name="wait">What to wait for.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    /// <exception cref="ArgumentNullException">The key or the value is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The cache is read-only; the message names the option <c>ReadOnly</c>.</exception>
    /// <exception cref="PutException">The put did not end as asked; <see cref="PutException.Outcome"/> says what is known.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    PutResult Put(TKey key, TValue value, PutWait wait = PutWait.Acknowledged);

    /// <summary>As <see cref="Put(TKey, TValue, PutWait)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; not <see langword="null"/>.</param>
    /// <param name="options">How to write the record, and what to wait for.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    PutResult Put(TKey key, TValue value, PutOptions options);

    /// <summary>Writes a value; the task ends when the broker has acknowledged it, or it is readable here. Throws as
    /// <see cref="Put(TKey, TValue, PutWait)"/> does.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; not <see langword="null"/>: that is
    /// <see cref="RemoveAsync(TKey, PutWait, CancellationToken)"/>.</param>
    /// <param name="wait">What to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the write: once handed over, <see cref="PutException"/> says what is
    /// known.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the record was handed over; nothing was sent.</exception>
    Task<PutResult> PutAsync(TKey key, TValue value, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="PutAsync(TKey, TValue, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; not <see langword="null"/>.</param>
    /// <param name="options">How to write the record, and what to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>The partition, offset and timestamp of the record.</returns>
    Task<PutResult> PutAsync(TKey key, TValue value, PutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Writes a tombstone: the key is absent once it is applied. Blocks and throws as <see cref="Put(TKey, TValue, PutWait)"/>
    /// does.</summary>
    /// <remarks>With a resolver, it takes back what the record key yielded: those entries go, or their keys fall to the next record that
    /// yields them.</remarks>
    /// <param name="key">The key.</param>
    /// <param name="wait">What to wait for.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    PutResult Remove(TKey key, PutWait wait = PutWait.Acknowledged);

    /// <summary>As <see cref="Remove(TKey, PutWait)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">How to write the tombstone, and what to wait for.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    PutResult Remove(TKey key, PutOptions options);

    /// <summary>Writes a tombstone: the key is absent once it is applied. Throws as
    /// <see cref="PutAsync(TKey, TValue, PutWait, CancellationToken)"/> does.</summary>
    /// <param name="key">The key.</param>
    /// <param name="wait">What to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    Task<PutResult> RemoveAsync(TKey key, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="RemoveAsync(TKey, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">How to write the tombstone, and what to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>The partition, offset and timestamp of the tombstone.</returns>
    Task<PutResult> RemoveAsync(TKey key, PutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Writes many values, in batches, in the order given (which holds per key). Each has an outcome of its own: one that fails
    /// stops no other.</summary>
    /// <param name="entries">The keys and values. Read once, as room comes.</param>
    /// <param name="wait">What to wait for, for each.</param>
    /// <param name="cancellationToken">Ends the waits; entries not yet handed over are <see cref="PutOutcome.NotCommitted"/>.</param>
    /// <returns>An attempt per entry, in order.</returns>
    /// <exception cref="InvalidOperationException">The cache is read-only; the message names the option <c>ReadOnly</c>.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    Task<IReadOnlyList<PutAttempt>> PutManyAsync(
        IEnumerable<KeyValuePair<TKey, TValue>> entries, PutWait wait = PutWait.Acknowledged,
        CancellationToken cancellationToken = default);

    /// <summary>As <see cref="PutManyAsync(IEnumerable{KeyValuePair{TKey, TValue}}, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="entries">The keys and values. Read once, as room comes.</param>
    /// <param name="options">How to write each record, and what to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>An attempt per entry, in order.</returns>
    Task<IReadOnlyList<PutAttempt>> PutManyAsync(
        IEnumerable<KeyValuePair<TKey, TValue>> entries, PutOptions options, CancellationToken cancellationToken = default);

    /// <summary>Writes many tombstones, in batches, in the order given. Each has an outcome of its own: one that fails stops no
    /// other.</summary>
    /// <param name="keys">The keys. Read once, as room comes.</param>
    /// <param name="wait">What to wait for, for each.</param>
    /// <param name="cancellationToken">Ends the waits; tombstones not yet handed over are <see cref="PutOutcome.NotCommitted"/>.</param>
    /// <returns>An attempt per key, in order.</returns>
    /// <exception cref="InvalidOperationException">The cache is read-only; the message names the option <c>ReadOnly</c>.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of; nothing was sent.</exception>
    Task<IReadOnlyList<PutAttempt>> RemoveManyAsync(
        IEnumerable<TKey> keys, PutWait wait = PutWait.Acknowledged, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="RemoveManyAsync(IEnumerable{TKey}, PutWait, CancellationToken)"/>, with options.</summary>
    /// <param name="keys">The keys. Read once, as room comes.</param>
    /// <param name="options">How to write each tombstone, and what to wait for.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>An attempt per key, in order.</returns>
    Task<IReadOnlyList<PutAttempt>> RemoveManyAsync(
        IEnumerable<TKey> keys, PutOptions options, CancellationToken cancellationToken = default);
}
