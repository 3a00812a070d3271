namespace KafkaCaching.Jobs;

/// <summary>The state of a refreshed cache in this instance, at one moment.</summary>
public sealed record RefreshedCacheStatus
{
    /// <summary>The version that is served; <see langword="null"/> before the first one.</summary>
    public long? Version { get; init; }

    /// <summary>How many rows it has.</summary>
    public long Rows { get; init; }

    /// <summary>When its fetch began; <see langword="null"/> before the first one.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>How old it is.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Whether it is older than <c>MaxAge</c>, or there is none.</summary>
    public bool IsTooOld { get; init; }

    /// <summary>How many rows its refresh added.</summary>
    public long Added { get; init; }

    /// <summary>How many rows its refresh changed.</summary>
    public long Changed { get; init; }

    /// <summary>How many rows its refresh removed.</summary>
    public long Removed { get; init; }

    /// <summary>Which instance made it.</summary>
    public string? RefreshedBy { get; init; }

    /// <summary>Which instance refreshes; <see langword="null"/> before the first one does.</summary>
    public FencedLeader? Leader { get; init; }

    /// <summary>Whether this instance refreshes.</summary>
    public bool IsLeader { get; init; }

    /// <summary>When this instance refreshes next; <see langword="null"/> if another instance does.</summary>
    public DateTimeOffset? NextRefresh { get; init; }

    /// <summary>How many rows the fetch under way in this instance has reported; <see langword="null"/> if none is.</summary>
    public long? FetchedRows { get; init; }

    /// <summary>How many rows that fetch expects, if it has told.</summary>
    public long? ExpectedRows { get; init; }

    /// <summary>Why the last refresh failed, in whichever instance; <see langword="null"/> if the version that is served came after
    /// it.</summary>
    public string? LastFailure { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>What keeps this instance from serving the newest version, from taking part in the election, or from writing as the leader;
    /// <see langword="null"/> if nothing does.</summary>
    public string? Problem { get; init; }
}
