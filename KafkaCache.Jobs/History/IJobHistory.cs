namespace KafkaCaching.Jobs;

/// <summary>The runs, states and logs of the jobs, read from this instance's memory. Safe to use from any thread. Members throw
/// <see cref="CacheNotReadyException"/> until the topics have been read.</summary>
public interface IJobHistory
{
    /// <summary>The names of all jobs that have run.</summary>
    IReadOnlyList<string> Jobs { get; }

    /// <summary>The last runs of a job, the newest first.</summary>
    /// <param name="job">The name of the job.</param>
    /// <returns>The runs; none if the job has never run.</returns>
    IReadOnlyList<JobRunInfo> Runs(string job);

    /// <summary>The state of a job as it was last saved.</summary>
    /// <param name="job">The name of the job.</param>
    /// <returns>The values by key.</returns>
    IReadOnlyDictionary<string, IReadOnlyList<JobValue>> State(string job);

    /// <summary>The lines of a job's log, the oldest first.</summary>
    /// <param name="query">The lines to return.</param>
    /// <returns>The lines. Lines that are older than <see cref="KafkaJobsOptions.LogRetention"/>, or that did not fit into memory, are
    /// missing.</returns>
    IReadOnlyList<JobLogLine> Lines(JobLogQuery query);

    /// <summary>Waits until the topics have been read.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when they have been read.</returns>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);
}
