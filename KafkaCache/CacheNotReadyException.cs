namespace KafkaCaching;

/// <summary>Thrown by a read before the cache is ready, or by a read of a stale cache when <c>ReadWhenStale</c> is off.</summary>
public class CacheNotReadyException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message. It says what to do.</param>
    /// <param name="phase">The phase of the cache.</param>
    /// <param name="progress">How much of the replay is done, from 0 to 1.</param>
    public CacheNotReadyException(string message, CachePhase phase, double progress)
        : base(message)
    {
        Phase = phase;
        Progress = progress;
    }

    /// <summary>The name of the cache; <see langword="null"/> if the exception was not created by the library.</summary>
    public string? Cache { get; init; }

    /// <summary>The phase that the cache was in.</summary>
    public CachePhase Phase { get; }

    /// <summary>How much of the replay was done, from 0 to 1.</summary>
    public double Progress { get; }
}
