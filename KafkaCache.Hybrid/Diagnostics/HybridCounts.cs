namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>The counts of one hybrid cache since it was created.</summary>
internal sealed class HybridCounts
{
    private long _invalidations;
    private long _failedPuts;
    private long _notStored;

    public OutcomeCounts Requests { get; } = new();

    /// <summary>Invalidations that this process has written.</summary>
    public long Invalidations => Interlocked.Read(ref _invalidations);

    /// <summary>Writes that failed, or whose outcome is unknown.</summary>
    public long FailedPuts => Interlocked.Read(ref _failedPuts);

    /// <summary>Values that were returned and deliberately not stored.</summary>
    public long NotStored => Interlocked.Read(ref _notStored);

    public HybridCacheStatistics ToStatistics() => new()
    {
        Hits = Requests.Total(RequestOutcome.Hit),
        Misses = Requests.Total(RequestOutcome.Miss),
        Coalesced = Requests.Total(RequestOutcome.Coalesced),
        Claimed = Requests.Total(RequestOutcome.Claimed),
        Stale = Requests.Total(RequestOutcome.Stale),
        Failed = Requests.Total(RequestOutcome.Failed),
        Bypassed = Requests.Total(RequestOutcome.Bypassed),
        Invalidations = Invalidations,
        FailedPuts = FailedPuts,
        NotStored = NotStored,
    };

    public void CountInvalidation() => Interlocked.Increment(ref _invalidations);

    public void CountFailedPut() => Interlocked.Increment(ref _failedPuts);

    public void CountNotStored() => Interlocked.Increment(ref _notStored);
}
