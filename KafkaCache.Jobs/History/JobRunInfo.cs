namespace KafkaCaching.Jobs;

/// <summary>A run of a job, as all instances see it.</summary>
/// <param name="Id">The ID of the run.</param>
/// <param name="ScheduledFor">The scheduled time of the run.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="EndedAt">When it ended; <see langword="null"/> if it has not ended or was replaced.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Machine">The machine on which it ran.</param>
/// <param name="Token">Its fencing token.</param>
/// <param name="Error">The first 2,000 characters of the message of its exception, if it failed.</param>
public sealed record JobRunInfo(
    string Id, DateTimeOffset ScheduledFor, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, JobRunOutcome Outcome, string Machine,
    long Token, string? Error);
