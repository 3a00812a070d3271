namespace KafkaCaching.Jobs;

/// <summary>The state of a job of this service in this instance, at one moment.</summary>
/// <param name="Name">The name of the job.</param>
public sealed record JobStatus(string Name)
{
    /// <summary>When it runs; <see langword="null"/> for a job that runs when <see cref="IKafkaJobRunner"/> is asked.</summary>
    public string? Cron { get; init; }

    /// <summary>Whether this instance runs the job on time.</summary>
    public bool IsLeader { get; init; }

    /// <summary>Which instance ran it last, or prepares to; <see langword="null"/> if none has.</summary>
    public FencedLeader? Leader { get; init; }

    /// <summary>The time of its schedule that is next. It is past if the job is overdue; <see langword="null"/> without a schedule, or
    /// while the topics are not read.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>For how long the next run should have begun already; zero if it is on time.</summary>
    public TimeSpan Overdue { get; init; }

    /// <summary>What keeps this instance from taking part in the election, or from running the job as the leader; <see langword="null"/> if
    /// nothing does.</summary>
    public string? Problem { get; init; }
}
