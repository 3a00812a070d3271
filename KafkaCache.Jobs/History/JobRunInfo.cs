namespace KafkaCaching.Jobs;

/// <summary>A run of a job, as all instances see it.</summary>
/// <param name="Id">The ID of the run.</param>
/// <param name="ScheduledFor">The scheduled time of the run.</param>
/// <param name="StartedAt">When the run started.</param>
/// <param name="EndedAt">When the run ended; <see langword="null"/> if it has not ended or was replaced.</param>
/// <param name="Outcome">How the run ended.</param>
/// <param name="Machine">The machine that ran the job.</param>
/// <param name="Token">The fencing token of the run.</param>
/// <param name="Error">The first 2,000 characters of the message of the exception, if the run failed.</param>
public sealed record JobRunInfo(
    string Id, DateTimeOffset ScheduledFor, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, JobRunOutcome Outcome, string Machine,
    long Token, string? Error);
