using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Leading;

/// <summary>A leadership and its leader, as the page shows them.</summary>
/// <param name="Kind">The kind of leadership.</param>
/// <param name="Name">The name of the leadership.</param>
/// <param name="IsHere">Whether the instance that serves the page leads.</param>
/// <param name="Instance">Which instance leads; <see langword="null"/> if that is not known here.</param>
/// <param name="Since">When that instance became the leader.</param>
/// <param name="Term">The number of the leader's term, which only increases.</param>
/// <param name="Problem">The problem that keeps this instance from taking part in the election; <see langword="null"/> if there is
/// none.</param>
internal sealed record LeadershipAnswer(
    LedKind Kind, string Name, bool IsHere, string? Instance, DateTimeOffset? Since, long? Term, string? Problem)
{
    /// <summary>All leaderships of a container: those of refreshed caches, those of jobs, and those that the application has
    /// registered.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="jobs">The jobs of this service.</param>
    public static IReadOnlyList<LeadershipAnswer> All(IServiceProvider services, IReadOnlyList<JobStatus> jobs) =>
    [
        .. services.GetServices<IRefreshedCache>().Select(static cache => Of(cache.Name, cache.Status)),
        .. jobs.Where(static job => job.Cron is not null).Select(Of),
        .. services.GetServices<KafkaLeadership>().Select(static leadership => Of(leadership.Status)),
    ];

    private static LeadershipAnswer Of(string name, RefreshedCacheStatus status) => new(
        LedKind.RefreshedCache, name, status.IsLeader, status.Leader?.Instance, status.Leader?.Since, status.Leader?.Term, status.Problem);

    private static LeadershipAnswer Of(JobStatus status) => new(
        LedKind.Job, status.Name, status.IsLeader, status.Leader?.Instance, status.Leader?.Since, status.Leader?.Term, status.Problem);

    // For a leadership that the application has registered, an instance knows only whether it is the leader itself.
    private static LeadershipAnswer Of(LeadershipStatus status) => new(
        LedKind.Leadership, status.Name, status.IsLeader, status.IsLeader ? Environment.MachineName : null, status.Since,
        status.IsLeader ? status.TermsBegun : null, status.Problem);
}

/// <summary>The kinds of leaderships.</summary>
internal enum LedKind
{
    RefreshedCache,
    Job,
    Leadership,
}
