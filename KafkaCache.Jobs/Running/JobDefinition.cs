using KafkaCaching.Jobs.Scheduling;

namespace KafkaCaching.Jobs.Running;

/// <summary>A job of a service.</summary>
/// <param name="Name">The name of the job.</param>
/// <param name="Options">The options of the job, with its schedule.</param>
/// <param name="Create">Creates the instance for a run from the services of its scope.</param>
internal sealed record JobDefinition(string Name, JobOptions Options, Func<IServiceProvider, IKafkaJob> Create)
{
    /// <summary>The faults of the section from which the options were read.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The schedule; <see langword="null"/> if the job has none, or an invalid one, which the validation reports.</summary>
    public Schedule? Schedule { get; } = Options.Cron is { } cron && ScheduleFaults.CronFault(cron) is null
        ? new Schedule(every: null, cron, Options.TimeZone)
        : null;
}
