namespace KafkaCaching.Hybrid;

/// <summary>The counts of a <see cref="KafkaHybridCache"/> since it was created. The metrics show the same counts.</summary>
public sealed record HybridCacheStatistics
{
    /// <summary>Requests whose value was in memory.</summary>
    public required long Hits { get; init; }

    /// <summary>Requests whose factory ran, or that found no value and had no factory to run.</summary>
    public required long Misses { get; init; }

    /// <summary>Requests that got the value of another caller's factory in this process.</summary>
    public required long Coalesced { get; init; }

    /// <summary>Requests that got the value of another pod's factory.</summary>
    public required long Claimed { get; init; }

    /// <summary>Requests that got an expired entry because their factory failed.</summary>
    public required long Stale { get; init; }

    /// <summary>Requests that failed because their factory failed.</summary>
    public required long Failed { get; init; }

    /// <summary>Requests that ran their factory without the cache.</summary>
    public required long Bypassed { get; init; }

    /// <summary>Invalidations that this process has written.</summary>
    public required long Invalidations { get; init; }

    /// <summary>Writes that failed, or whose outcome is unknown.</summary>
    public required long FailedPuts { get; init; }

    /// <summary>Values that were returned and deliberately not stored.</summary>
    public required long NotStored { get; init; }

    /// <summary>The total number of requests.</summary>
    public long Requests => Hits + Misses + Coalesced + Claimed + Stale + Failed + Bypassed;

    /// <summary>The share of requests whose value was in memory; <see langword="null"/> before the first request.</summary>
    public double? HitRate => Requests == 0 ? null : (double)Hits / Requests;
}
