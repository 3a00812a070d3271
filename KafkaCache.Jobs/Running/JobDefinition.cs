using KafkaCaching.Jobs.Scheduling;

namespace KafkaCaching.Jobs.Running;

/// <summary>A job that a service has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Options">When it runs.</param>
/// <param name="Create">Makes the instance of a run from the services of its scope.</param>
internal sealed record JobDefinition(string Name, JobOptions Options, Func<IServiceProvider, IKafkaJob> Create)
{
    /// <summary>What is wrong with the section that the options are from.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The schedule; <see langword="null"/> if the job has none, or a wrong one, which the validation reports.</summary>
    public Schedule? Schedule { get; } = Options.Cron is { } cron && ScheduleFaults.CronFault(cron) is null
        ? new Schedule(every: null, cron, Options.TimeZone)
        : null;
}
