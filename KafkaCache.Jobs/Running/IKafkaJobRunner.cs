namespace KafkaCaching.Jobs;

/// <summary>The jobs of a service, with their states, and a way to run them on demand from an endpoint or another scheduler. Safe to use
/// from any thread.</summary>
public interface IKafkaJobRunner
{
    /// <summary>The jobs of this service, with their states in this instance. Reading the property never throws.</summary>
    IReadOnlyList<JobStatus> Jobs { get; }

    /// <summary>Runs a job of this service now, if no other instance runs it. A job with a cron expression is always held by the instance
    /// that runs it on schedule, so this method is for jobs without a cron expression.</summary>
    /// <param name="job">The name of the job.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>How the run ended; <see langword="null"/> if another instance holds the job.</returns>
    /// <exception cref="ArgumentException">There is no job of this name.</exception>
    /// <exception cref="TimeoutException">The brokers do not answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the run began.</exception>
    Task<JobRunOutcome?> RunAsync(string job, CancellationToken cancellationToken = default);
}
