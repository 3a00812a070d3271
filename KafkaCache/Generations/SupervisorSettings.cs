namespace KafkaCaching.Generations;

/// <summary>The options that the supervisor needs.</summary>
internal sealed record SupervisorSettings(string Name, string Topic, TimeSpan StaleAfter, TimeProvider Time)
{
    /// <summary>The first pause before the replay thread tries again.</summary>
    public TimeSpan RetryPause { get; init; } = Retry.First;

    /// <summary>When the cache was created, as a timestamp of the clock.</summary>
    public long Created { get; } = Time.GetTimestamp();
}
