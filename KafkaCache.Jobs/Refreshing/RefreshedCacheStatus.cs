namespace KafkaCaching.Jobs;

/// <summary>The state of a refreshed cache in this instance, at one moment.</summary>
public sealed record RefreshedCacheStatus
{
    /// <summary>The version that is served; <see langword="null"/> before the first one.</summary>
    public long? Version { get; init; }

    /// <summary>The number of rows of that version.</summary>
    public long Rows { get; init; }

    /// <summary>When the fetch of that version began; <see langword="null"/> before the first version.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>The time since that fetch began; <see langword="null"/> before the first version.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Whether that version is older than <c>MaxAge</c>, or there is none.</summary>
    public bool IsTooOld { get; init; }

    /// <summary>The number of rows that were added in that version.</summary>
    public long Added { get; init; }

    /// <summary>The number of rows that were changed in that version.</summary>
    public long Changed { get; init; }

    /// <summary>The number of rows that were removed in that version.</summary>
    public long Removed { get; init; }

    /// <summary>The instance that made that version.</summary>
    public string? RefreshedBy { get; init; }

    /// <summary>The instance that refreshes; <see langword="null"/> if there has been none.</summary>
    public FencedLeader? Leader { get; init; }

    /// <summary>Whether this instance refreshes.</summary>
    public bool IsLeader { get; init; }

    /// <summary>When this instance refreshes next; <see langword="null"/> if it does not lead, or if its schedule has no further
    /// time.</summary>
    public DateTimeOffset? NextRefresh { get; init; }

    /// <summary>The number of rows that this instance's current fetch has reported; <see langword="null"/> if no fetch is
    /// running.</summary>
    public long? FetchedRows { get; init; }

    /// <summary>The number of rows that this fetch expects, if it has reported one.</summary>
    public long? ExpectedRows { get; init; }

    /// <summary>The reason for the latest failure of a refresh, in any instance; <see langword="null"/> if the served version was fetched
    /// after it.</summary>
    public string? LastFailure { get; init; }

    /// <summary>When that failure occurred.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>The problem that keeps this instance from serving the newest version, from taking part in the election, or from writing as
    /// the leader; <see langword="null"/> if there is none.</summary>
    public string? Problem { get; init; }
}
