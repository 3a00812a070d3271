namespace KafkaCaching.Jobs;

/// <summary>The options of a job, which determine when it runs.</summary>
public sealed class JobOptions
{
    /// <summary>When the job runs, as a cron expression of five fields, or six with seconds. Default: the expression that was given to
    /// <c>AddJob</c>. Without one, the job runs only on demand, through <see cref="IKafkaJobRunner"/>.</summary>
    public string? Cron { get; set; }

    /// <summary>The time zone of <see cref="Cron"/>. Default: UTC.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>How missed runs are handled. Default: <see cref="MissedRuns.Once"/>.</summary>
    public MissedRuns Missed { get; set; }
}
