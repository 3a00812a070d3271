using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Jobs;

/// <summary>A job as the page shows it.</summary>
/// <param name="Name">The name of the job.</param>
/// <param name="IsOwn">Whether the job belongs to this service.</param>
/// <param name="Cron">The schedule; <see langword="null"/> if it only runs on request, or if the schedule is not known here.</param>
/// <param name="NextRun">When the job runs next.</param>
/// <param name="SecondsOverdue">The number of seconds by which that run is overdue.</param>
/// <param name="Runs">The last runs, the newest first.</param>
internal sealed record JobAnswer(
    string Name, bool IsOwn, string? Cron, DateTimeOffset? NextRun, double SecondsOverdue, IReadOnlyList<JobRunInfo> Runs)
{
    private const int MaxRuns = 5;

    /// <summary>The jobs of this service, and those of other services that share the topic.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="jobs">The jobs of this service.</param>
    public static IReadOnlyList<JobAnswer> All(IServiceProvider services, IReadOnlyList<JobStatus> jobs)
    {
        if (services.GetService<IJobHistory>() is not { } history)
            return [];
        var own = jobs.ToDictionary(static job => job.Name, StringComparer.Ordinal);
        return [.. own.Keys.Union(Names(history), StringComparer.Ordinal).Select(name => Of(name, own.GetValueOrDefault(name), history))];
    }

    private static JobAnswer Of(string name, JobStatus? status, IJobHistory history) => new(
        name, status is not null, status?.Cron, status?.NextRun, status?.Overdue.TotalSeconds ?? 0,
        Read(() => history.Runs(name).Take(MaxRuns)));

    private static IReadOnlyList<string> Names(IJobHistory history) => Read(() => history.Jobs);

    // If the table can't be read, the page shows the reason in the section of the table's own cache.
    private static IReadOnlyList<T> Read<T>(Func<IEnumerable<T>> read)
    {
        try
        {
            return [.. read()];
        }
        catch (Exception unreadable) when (unreadable is KafkaCacheException or ObjectDisposedException)
        {
            return [];
        }
    }
}
