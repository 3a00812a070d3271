namespace KafkaCaching;

/// <summary>A cache of whatever key and value types: who it is, how it is, and the waits. Health checks, pages and whatever looks after
/// several caches take this. Every member may be called from any number of threads at once.</summary>
public interface IKafkaCache
{
    /// <summary>The name of the cache, in its metrics and logs.</summary>
    string Name { get; }

    /// <summary>The topic that it caches.</summary>
    string Topic { get; }

    /// <summary>Whether puts are refused: the option <c>ReadOnly</c>.</summary>
    bool IsReadOnly { get; }

    /// <summary>A snapshot of where the cache stands. Never throws, after <c>Dispose</c> too.</summary>
    CacheStatus Status { get; }

    /// <summary>Blocks until every partition has reached the high watermark captured when the replay began.</summary>
    /// <param name="timeout">How long to wait at most; <see langword="null"/> for the option <c>ReadyTimeout</c>.</param>
    /// <exception cref="TimeoutException">Not ready in time; the message says what it waits for.</exception>
    /// <exception cref="CacheFaultedException">The cache faulted; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    void WaitUntilReady(TimeSpan? timeout = null);

    /// <summary>Waits until every partition has reached the high watermark captured when the replay began, at most for the option
    /// <c>ReadyTimeout</c>.</summary>
    /// <param name="cancellationToken">Ends the wait, not the replay.</param>
    /// <returns>A task that ends when the cache is ready.</returns>
    /// <exception cref="TimeoutException">Not ready in time; the message says what it waits for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CacheFaultedException">The cache faulted; the cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>As <see cref="WaitUntilReadyAsync(CancellationToken)"/>, within a time of the caller's own.</summary>
    /// <param name="timeout">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the wait, not the replay.</param>
    /// <returns>A task that ends when the cache is ready.</returns>
    Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Waits until the record at a position has been applied here or passed (compaction may have removed it), at most for the
    /// option <c>ApplyTimeout</c>. Works before the cache is ready too, and for a partition that the topic has just got.</summary>
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
