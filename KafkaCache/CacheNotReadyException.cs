namespace KafkaCaching;

/// <summary>A read that came before the cache was ready, or while it was stale and <c>ReadWhenStale</c> is off.</summary>
public class CacheNotReadyException : KafkaCacheException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What to do.</param>
    /// <param name="phase">Where the cache stands.</param>
    /// <param name="progress">How much of the replay is done, from 0 to 1.</param>
    public CacheNotReadyException(string message, CachePhase phase, double progress)
        : base(message)
    {
        Phase = phase;
        Progress = progress;
    }

    /// <summary>The name of the cache, where the library made the exception.</summary>
    public string? Cache { get; init; }

    /// <summary>Where the cache stood.</summary>
    public CachePhase Phase { get; }

    /// <summary>How much of the replay was done, from 0 to 1.</summary>
    public double Progress { get; }
}
