namespace KafkaCaching.Jobs;

/// <summary>What the jobs have done and remember, read from this instance's memory. Safe to use from any thread. Members throw
/// <see cref="CacheNotReadyException"/> until the topics are read.</summary>
public interface IJobHistory
{
    /// <summary>The names of all jobs that have run.</summary>
    IReadOnlyList<string> Jobs { get; }

    /// <summary>The last runs of a job, the newest first.</summary>
    /// <param name="job">The name of the job.</param>
    /// <returns>The runs; none if the job has never run.</returns>
    IReadOnlyList<JobRunInfo> Runs(string job);

    /// <summary>What a job remembers, as it was saved last.</summary>
    /// <param name="job">The name of the job.</param>
    /// <returns>The values by key.</returns>
    IReadOnlyDictionary<string, IReadOnlyList<JobValue>> State(string job);

    /// <summary>The lines of a job's log, the oldest first.</summary>
    /// <param name="query">Which lines.</param>
    /// <returns>The lines. Those that are older than <see cref="KafkaJobsOptions.LogRetention"/>, or that did not fit the memory, are
    /// missing.</returns>
    IReadOnlyList<JobLogLine> Lines(JobLogQuery query);

    /// <summary>Waits until the topics are read.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are.</returns>
    Task WaitUntilReadyAsync(CancellationToken cancellationToken = default);
}
