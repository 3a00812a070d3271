using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs;

/// <summary>One run of a job. For the code of the job, which calls its members one at a time.</summary>
public sealed class JobRun
{
    private readonly Func<CancellationToken, Task> _save;

    internal JobRun(
        string job, string id, DateTimeOffset scheduledFor, long token, JobState state, ILogger logger,
        Func<CancellationToken, Task> save) =>
        (Job, Id, ScheduledFor, Token, State, Logger, _save) = (job, id, scheduledFor, token, state, logger, save);

    /// <summary>The name of the job.</summary>
    public string Job { get; }

    /// <summary>The ID of the run. Those of later runs are greater, in the order of ordinal strings.</summary>
    public string Id { get; }

    /// <summary>The time that the run is for, which may be past; the time of its start if it has no schedule.</summary>
    public DateTimeOffset ScheduledFor { get; }

    /// <summary>The fencing token: greater than that of every earlier run of the job. Give it along with writes to stores outside Kafka,
    /// for them to refuse those of a run that was replaced and does not know it.</summary>
    public long Token { get; }

    /// <summary>What the job remembers from run to run.</summary>
    public JobState State { get; }

    /// <summary>The log of the run, kept for <see cref="KafkaJobsOptions.LogRetention"/> and read by <see cref="IJobHistory"/>. Lines also
    /// go to the application's own log. Safe to call from any thread.</summary>
    public ILogger Logger { get; }

    /// <summary>Saves all changes of <see cref="State"/> in one transaction. When it returns, they are there for whichever instance runs
    /// the job next; if the process dies before, all or none of them are.</summary>
    /// <param name="cancellationToken">Takes the transaction back, unless its commit has begun.</param>
    /// <returns>A task that ends when they are saved.</returns>
    /// <exception cref="FencedException">Another instance runs the job now. Nothing was saved; let the exception end the run.</exception>
    /// <exception cref="PutException">The changes were not saved, or it is unknown whether they were. Let the exception end the
    /// run.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. Nothing was saved.</exception>
    public Task SaveAsync(CancellationToken cancellationToken = default) => _save(cancellationToken);
}
