namespace KafkaCaching.Jobs;

/// <summary>The state of a job of this service in this instance, at one moment.</summary>
/// <param name="Name">The name of the job.</param>
public sealed record JobStatus(string Name)
{
    /// <summary>The schedule of the job, as a cron expression; <see langword="null"/> for a job that runs only on demand, through
    /// <see cref="IKafkaJobRunner"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>Whether this instance runs the job on its schedule.</summary>
    public bool IsLeader { get; init; }

    /// <summary>The instance that ran the job last or is preparing to run it; <see langword="null"/> if there has been none.</summary>
    public FencedLeader? Leader { get; init; }

    /// <summary>The next scheduled time, which is in the past if the job is overdue; <see langword="null"/> if the job has no schedule, or
    /// until the topics have been read.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>The time by which the next run is overdue; zero if it is on time.</summary>
    public TimeSpan Overdue { get; init; }

    /// <summary>The problem that keeps this instance from taking part in the election, or from running the job as the leader;
    /// <see langword="null"/> if there is none.</summary>
    public string? Problem { get; init; }
}
