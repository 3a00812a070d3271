namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Starts and stops a refreshed cache, whatever its types are.</summary>
internal interface IRefreshedCacheLife
{
    /// <summary>Checks the topic and takes part in the election.</summary>
    /// <param name="waits">Whether to wait for the first version.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    Task StartAsync(bool waits, CancellationToken cancellationToken);

    /// <summary>Leaves the election. The served version can still be read.</summary>
    Task StopAsync();
}
