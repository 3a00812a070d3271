namespace KafkaCaching.Jobs.Refreshing;

/// <summary>The life of a refreshed cache, whatever its types.</summary>
internal interface IRefreshedCacheLife
{
    /// <summary>Checks the topic and takes part in the election.</summary>
    /// <param name="waits">Whether to wait for the first version.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    Task StartAsync(bool waits, CancellationToken cancellationToken);

    /// <summary>Leaves the election. The served version stays readable.</summary>
    Task StopAsync();
}
