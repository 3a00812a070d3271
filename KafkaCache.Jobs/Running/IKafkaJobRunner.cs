namespace KafkaCaching.Jobs;

/// <summary>The jobs of a service: their states, and a way to run them on demand, from an endpoint or from another scheduler. Safe to use
/// from any thread.</summary>
public interface IKafkaJobRunner
{
    /// <summary>The jobs of this service, with their states in this instance. It never throws.</summary>
    IReadOnlyList<JobStatus> Jobs { get; }

    /// <summary>Runs a job of this service now, if no other instance runs it. Jobs that have a cron expression are always held by the
    /// instance that runs them on time, so this is for jobs without one.</summary>
    /// <param name="job">The name of the job.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>How it ended; <see langword="null"/> if another instance holds it.</returns>
    /// <exception cref="ArgumentException">There is no such job.</exception>
    /// <exception cref="TimeoutException">The brokers do not answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the run began.</exception>
    Task<JobRunOutcome?> RunAsync(string job, CancellationToken cancellationToken = default);
}
