namespace KafkaCaching;

/// <summary>A view without its key and value types: its identity, its status and its waits. Every member may be called from any number of
/// threads at once.</summary>
public interface IKafkaCacheView
{
    /// <summary>The name of the view.</summary>
    string Name { get; }

    /// <summary>The caches that are joined, without duplicates: first the one whose keys the view has, then the others in the order of the
    /// joins.</summary>
    IReadOnlyList<IKafkaCache> Caches { get; }

    /// <summary>A snapshot of the view's state, which is that of the cache in the worst phase. It never throws.</summary>
    ViewStatus Status { get; }

    /// <summary>Waits until all caches are ready. The wait for each cache is limited by its option <c>ReadyTimeout</c>. The first cache
    /// that fails ends the wait.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when all caches are ready.</returns>
    /// <exception cref="TimeoutException">A cache was not ready in time. The message names it, and says what it is waiting for.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="CacheFaultedException">A cache has faulted. The cause is the inner exception.</exception>
    /// <exception cref="ObjectDisposedException">A cache was disposed of.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="WaitUntilReadyAsync(CancellationToken)"/>, with a timeout that the caller chooses.</summary>
    /// <param name="timeout">The longest time to wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when all caches are ready.</returns>
    Task WaitUntilReadyAsync(TimeSpan timeout, CancellationToken cancellationToken = default);

    /// <summary>Waits until the record at a position of one of the caches has been applied, so that reads of the view see it. Throws the
    /// same exceptions as <see cref="IKafkaCache.WaitUntilAppliedAsync"/>.</summary>
    /// <param name="cache">The name of the cache that the position belongs to.</param>
    /// <param name="position">The position, as returned by a put.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the position is applied.</returns>
    /// <exception cref="ArgumentException">The view joins no cache of this name.</exception>
    Task WaitUntilAppliedAsync(string cache, CachePosition position, CancellationToken cancellationToken = default);
}
