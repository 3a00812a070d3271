namespace KafkaCaching;

/// <summary>A cache without its key and value types: its identity, its status and its waits. This interface is for code that handles
/// several caches, such as health checks and status pages. Every member may be called from any number of threads at once.</summary>
public interface IKafkaCache
{
    /// <summary>The name of the cache in its metrics and logs.</summary>
    string Name { get; }

    /// <summary>The topic that is cached.</summary>
    string Topic { get; }

    /// <summary>Whether puts are refused: the option <c>ReadOnly</c>.</summary>
    bool IsReadOnly { get; }

    /// <summary>A snapshot of the cache's state. It never throws, not even after <c>Dispose</c>.</summary>
    CacheStatus Status { get; }

    /// <summary>Blocks until every partition has reached the high watermark captured when the replay began.</summary>
    /// <param name="timeout">The longest time to wait; <see langword="null"/> means the option <c>ReadyTimeout</c>.</param>
    /// <exception cref="TimeoutException">The cache was not ready in time. The message says what it is waiting for.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted. The cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    void WaitUntilReady(TimeSpan? timeout = null);

    /// <summary>Waits until every partition has reached the high watermark captured when the replay began. It waits no longer than the
    /// option <c>ReadyTimeout</c> allows.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the replay.</param>
    /// <returns>A task that completes when the cache is ready.</returns>
    /// <exception cref="TimeoutException">The cache was not ready in time. The message says what it is waiting for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted. The cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="WaitUntilReadyAsync(CancellationToken)"/>, with a timeout that the caller chooses.</summary>
    /// <param name="timeout">The longest time to wait.</param>
    /// <param name="cancellationToken">Cancels the wait, not the replay.</param>
    /// <returns>A task that completes when the cache is ready.</returns>
    Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Waits until this cache has applied the record at a position, or has passed the position (compaction may have removed the
    /// record). It waits no longer than the option <c>ApplyTimeout</c> allows. This also works before the cache is ready, and for a
    /// partition that was just added to the topic.</summary>
    /// <param name="position">The position, for example from a put in another instance.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the position is applied.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The partition or the offset is negative.</exception>
    /// <exception cref="TimeoutException">The position was not applied in time. One possible cause is that the topic has no such
    /// partition.</exception>
    /// <exception cref="TopicChangedException">The log has changed, so the offset no longer denotes the same record.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CacheFaultedException">The cache has faulted. The cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">The cache was disposed of.</exception>
    Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken = default);
}
