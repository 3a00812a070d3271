using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Refreshing;

/// <summary>The refreshed cache over a cache, as the page shows it.</summary>
internal sealed record RefreshedAnswer
{
    public required long? Version { get; init; }

    public required long Rows { get; init; }

    public required double? SecondsOld { get; init; }

    public required bool IsTooOld { get; init; }

    public required long Added { get; init; }

    public required long Changed { get; init; }

    public required long Removed { get; init; }

    public required string? RefreshedBy { get; init; }

    /// <summary>When this instance refreshes next; <see langword="null"/> if it does not lead, or if no further refresh is
    /// scheduled.</summary>
    public required DateTimeOffset? NextRefresh { get; init; }

    /// <summary>The number of rows that this instance's current fetch has read.</summary>
    public required long? FetchedRows { get; init; }

    public required long? ExpectedRows { get; init; }

    public required string? LastFailure { get; init; }

    public required DateTimeOffset? LastFailureAt { get; init; }

    public required string? Problem { get; init; }

    /// <returns>The refreshed cache with this name; <see langword="null"/> if the cache with this name is not a refreshed cache.</returns>
    public static RefreshedAnswer? Find(IServiceProvider services, string name) =>
        services.GetServices<IRefreshedCache>().FirstOrDefault(cache => cache.Name == name) is { } cache ? Of(cache.Status) : null;

    private static RefreshedAnswer Of(RefreshedCacheStatus status) => new()
    {
        Version = status.Version,
        Rows = status.Rows,
        SecondsOld = status.Age?.TotalSeconds,
        IsTooOld = status.IsTooOld,
        Added = status.Added,
        Changed = status.Changed,
        Removed = status.Removed,
        RefreshedBy = status.RefreshedBy,
        NextRefresh = status.NextRefresh,
        FetchedRows = status.FetchedRows,
        ExpectedRows = status.ExpectedRows,
        LastFailure = status.LastFailure,
        LastFailureAt = status.LastFailureAt,
        Problem = status.Problem,
    };
}
