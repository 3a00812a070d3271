using KafkaCaching.Snapshots;

namespace KafkaCaching.Generations;

/// <summary>The options that the supervisor needs.</summary>
internal sealed record SupervisorSettings(string Name, string Topic, TimeSpan StaleAfter, TimeProvider Time)
{
    /// <summary>The pause of the replay thread before its first retry.</summary>
    public TimeSpan RetryPause { get; init; } = Retry.First;

    /// <summary>Whether records can have a time to live.</summary>
    public bool Expires { get; init; }

    /// <summary>The time to live of all records that don't specify their own; <see langword="null"/> if such records don't
    /// expire.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>The settings of the snapshots; <see langword="null"/> if there are none.</summary>
    public SnapshotSettings? Snapshots { get; init; }

    /// <summary>When the cache was created, as a timestamp of the clock.</summary>
    public long Created { get; } = Time.GetTimestamp();
}
