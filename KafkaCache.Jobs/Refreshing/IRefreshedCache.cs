namespace KafkaCaching.Jobs;

/// <summary>The parts of a refreshed cache that do not depend on its types. Safe to use from any thread.</summary>
public interface IRefreshedCache
{
    /// <summary>The name of the cache.</summary>
    string Name { get; }

    /// <summary>The state of the cache in this instance. Reading the property never throws.</summary>
    RefreshedCacheStatus Status { get; }

    /// <summary>Waits until there is a version.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when there is a version.</returns>
    /// <exception cref="TimeoutException">There was no version within <c>ReadyTimeout</c>. The message states the reason.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes the leader refresh now, whichever instance it is. Calls that are made while a fetch runs are answered by the next
    /// fetch.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the refresh.</param>
    /// <returns>A task that completes when this instance serves a version whose fetch began after the call.</returns>
    /// <exception cref="RefreshFailedException">The refresh failed; the previous version continues to be served. The message states the
    /// reason.</exception>
    /// <exception cref="PutException">The request could not be written.</exception>
    /// <exception cref="TimeoutException">The new version was not served within <c>RefreshTimeout</c>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The cache has been disposed of.</exception>
    Task RefreshAsync(CancellationToken cancellationToken = default);
}
