using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace KafkaCaching;

/// <summary>The latest value per key of a topic, in this process. Every member may be called from any number of threads at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public interface IReadOnlyKafkaCache<TKey, TValue> : IDisposable, IAsyncDisposable
    where TKey : notnull
{
    /// <summary>The name of the cache, in its metrics and logs.</summary>
    string Name { get; }

    /// <summary>The topic that it caches.</summary>
    string Topic { get; }

    /// <summary>A snapshot of where the cache stands. Never throws, after <c>Dispose</c> too.</summary>
    CacheStatus Status { get; }

    /// <summary>The number of readable entries, exact. Throws as reads do.</summary>
    /// <exception cref="CacheNotReadyException">The cache is not ready, and <c>ReadBeforeReady</c> is off; or stale, and <c>ReadWhenStale</c> is off.</exception>
    /// <exception cref="CacheFaultedException">The cache is faulted, and <c>ReadWhenFaulted</c> is off.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    long Count { get; }

    /// <summary>Blocks until every partition has reached the high watermark captured when the replay began.</summary>
    /// <param name="timeout">How long to wait at most; <see langword="null"/> for the option <c>ReadyTimeout</c>.</param>
    /// <exception cref="TimeoutException">Not ready in time; the message says what it waits for.</exception>
    /// <exception cref="CacheFaultedException">The cache faulted; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    void WaitUntilReady(TimeSpan? timeout = null);

    /// <summary>Waits until every partition has reached the high watermark captured when the replay began, at most for the option <c>ReadyTimeout</c>.</summary>
    /// <param name="cancellationToken">Ends the wait, not the replay.</param>
    /// <returns>A task that ends when the cache is ready.</returns>
    /// <exception cref="TimeoutException">Not ready in time; the message says what it waits for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CacheFaultedException">The cache faulted; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value, or the default of <typeparamref name="TValue"/> when there is none; for value types use <see cref="TryGet"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is <see langword="null"/>.</exception>
    /// <exception cref="RecordErrorException">The key's value can't be decoded, or is quarantined.</exception>
    /// <exception cref="CacheNotReadyException">The cache is not ready, and <c>ReadBeforeReady</c> is off; or stale, and <c>ReadWhenStale</c> is off.</exception>
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

    /// <summary>Writes the bytes of a key's value, as they stand in the topic or as a resolver's value was encoded, to a buffer: for who passes them on, and
    /// allocates nothing. Throws as <see cref="Get"/> does, but for values that can't be decoded: nothing is.</summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Takes the bytes, none when the value is empty. Left alone when the key has no value.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    bool TryGetBytes(TKey key, IBufferWriter<byte> destination);

    /// <summary>All entries, read while updates go on. A key that is present throughout appears at least once; one that changes meanwhile may appear
    /// more than once, with the value it had at that moment. Quarantined keys are left out. Dispose of the enumerator early to stop early.</summary>
    /// <returns>The entries, in no order. Each enumeration reads anew, and throws as <see cref="Get"/> does.</returns>
    IEnumerable<KeyValuePair<TKey, CacheEntry<TValue>>> Scan();

    /// <summary>Waits until the record at a position has been applied here or passed (compaction may have removed it), at most for the option
    /// <c>ApplyTimeout</c>. Works before the cache is ready too, and for a partition that the topic has just got.</summary>
    /// <param name="position">The position, as another instance's put returned it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the position is applied.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The partition or the offset is negative.</exception>
    /// <exception cref="TimeoutException">Not applied in time; the topic may have no such partition.</exception>
    /// <exception cref="TopicChangedException">The log changed so that the offset has lost its meaning.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CacheFaultedException">The cache faulted; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken = default);
}
