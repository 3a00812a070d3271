namespace KafkaCaching.Testing;

/// <summary>Lets tests wait for a cache.</summary>
public static class KafkaCacheWaitExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Waits until the status of a cache meets a condition, such as <c>status => status.Phase == CachePhase.Stale</c>.</summary>
    /// <param name="cache">The cache, on any kind of topic.</param>
    /// <param name="condition">The condition to wait for.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The status that met the condition.</returns>
    /// <exception cref="TimeoutException">The condition was not met within 30 seconds. The message contains the status.</exception>
    public static async Task<CacheStatus> WaitForAsync(
        this IKafkaCache cache, Func<CacheStatus, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(condition);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var status = cache.Status;
            if (condition(status))
                return status;
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"The cache '{cache.Name}' is not as expected after {Patience.TotalSeconds} s: {status}");
            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
