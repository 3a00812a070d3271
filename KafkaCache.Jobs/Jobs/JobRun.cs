using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs;

/// <summary>One run of a job. The job's code must call the members of this class one at a time.</summary>
public sealed class JobRun
{
    private readonly Func<CancellationToken, Task> _save;

    internal JobRun(
        string job, string id, DateTimeOffset scheduledFor, long token, JobState state, ILogger logger,
        Func<CancellationToken, Task> save) =>
        (Job, Id, ScheduledFor, Token, State, Logger, _save) = (job, id, scheduledFor, token, state, logger, save);

    /// <summary>The name of the job.</summary>
    public string Job { get; }

    /// <summary>The ID of the run. Later runs have greater IDs in ordinal string order.</summary>
    public string Id { get; }

    /// <summary>The scheduled time of the run, which may be in the past, or the time of its start if the job has no schedule.</summary>
    public DateTimeOffset ScheduledFor { get; }

    /// <summary>The fencing token, which is greater than that of every earlier run of the job. Pass it along with writes to stores outside
    /// Kafka, so that they can refuse the writes of a run that has not noticed that it was replaced.</summary>
    public long Token { get; }

    /// <summary>The state of the job, which is kept between runs.</summary>
    public JobState State { get; }

    /// <summary>The log of the run, which is kept for <see cref="KafkaJobsOptions.LogRetention"/> and read through
    /// <see cref="IJobHistory"/>. Lines also go to the application's own log. Safe to call from any thread.</summary>
    public ILogger Logger { get; }

    /// <summary>Saves all changes of <see cref="State"/> in one transaction. When the task has succeeded, the changes are available to the
    /// instance that runs the job next. If the process dies before that, either all or none of them are saved.</summary>
    /// <param name="cancellationToken">Aborts the transaction, unless its commit has begun.</param>
    /// <returns>A task that completes when the changes are saved.</returns>
    /// <exception cref="FencedException">Another instance runs the job now. Nothing was saved; let the exception end the run.</exception>
    /// <exception cref="PutException">The changes were not saved, or it is unknown whether they were. Let the exception end the
    /// run.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing was saved.</exception>
    public Task SaveAsync(CancellationToken cancellationToken = default) => _save(cancellationToken);
}
