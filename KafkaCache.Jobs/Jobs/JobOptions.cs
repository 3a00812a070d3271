namespace KafkaCaching.Jobs;

/// <summary>When a job runs.</summary>
public sealed class JobOptions
{
    /// <summary>When the job runs, as a cron expression of five fields, or six with seconds. Default: the one that <c>AddJob</c> was given;
    /// without one the job runs when <see cref="IKafkaJobRunner"/> is asked to run it.</summary>
    public string? Cron { get; set; }

    /// <summary>The time zone of <see cref="Cron"/>. Default: UTC.</summary>
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>What happens with runs that were missed. Default: <see cref="MissedRuns.Once"/>.</summary>
    public MissedRuns Missed { get; set; }
}
