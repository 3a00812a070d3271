namespace KafkaCaching.Generations;

/// <summary>The options that the supervisor needs.</summary>
internal sealed record SupervisorSettings(string Name, string Topic, TimeSpan StaleAfter, TimeProvider Time)
{
    /// <summary>When the cache was created, as a timestamp of the clock.</summary>
    public long Created { get; } = Time.GetTimestamp();
}
