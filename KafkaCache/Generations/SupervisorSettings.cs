namespace KafkaCaching.Generations;

/// <summary>What the supervisor needs of the options.</summary>
internal sealed record SupervisorSettings(string Name, string Topic, TimeSpan StaleAfter, TimeProvider Time)
{
    /// <summary>When the cache was created, by the clock's own timestamps.</summary>
    public long Created { get; } = Time.GetTimestamp();
}
