namespace KafkaCaching.Jobs;

/// <summary>A refreshed cache has no version yet, because none has been fetched or because this instance has not read it yet.</summary>
public class RefreshedCacheNotReadyException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="cache">The name of the cache.</param>
    public RefreshedCacheNotReadyException(string cache)
        : base($"The refreshed cache '{cache}' has no version yet. Await WaitUntilReadyAsync, or hold back the start of the host "
            + "with ServeWhenReady().") => Cache = cache;

    /// <summary>The name of the cache.</summary>
    public string Cache { get; }
}
