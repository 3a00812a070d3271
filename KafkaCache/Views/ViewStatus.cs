namespace KafkaCaching;

/// <summary>A snapshot of a view's state, which is that of the cache in the worst phase. From best to worst, the phases are
/// <see cref="CachePhase.Ready"/>, <see cref="CachePhase.Rebuilding"/>, <see cref="CachePhase.Stale"/>, <see cref="CachePhase.Replaying"/>,
/// <see cref="CachePhase.Starting"/>, <see cref="CachePhase.Faulted"/> and <see cref="CachePhase.Stopped"/>.</summary>
/// <param name="Cache">The name of the cache in the worst phase; the first one if there are several.</param>
/// <param name="CacheStatus">The status of that cache.</param>
public sealed record ViewStatus(string Cache, CacheStatus CacheStatus)
{
    private static readonly CachePhase[] FromGoodToBad =
    [
        CachePhase.Ready, CachePhase.Rebuilding, CachePhase.Stale, CachePhase.Replaying, CachePhase.Starting, CachePhase.Faulted,
        CachePhase.Stopped,
    ];

    /// <summary>The phase of the view, which is the worst of its caches' phases.</summary>
    public CachePhase Phase => CacheStatus.Phase;

    /// <summary>A human-readable description of what that cache is waiting for or of its current problem; <see langword="null"/> if there
    /// is neither.</summary>
    public string? Reason => CacheStatus.Reason;

    internal static ViewStatus Of(IEnumerable<IKafkaCache> caches) => caches
        .Select(static cache => new ViewStatus(cache.Name, cache.Status))
        .MaxBy(static status => Array.IndexOf(FromGoodToBad, status.Phase))!;
}
