namespace KafkaCaching.Jobs;

/// <summary>A job: work that only one instance does at a time, with a state that is kept between runs. Each run creates an object of the
/// job's type from its own scope of services, and disposes of it after the run if it is disposable.</summary>
public interface IKafkaJob
{
    /// <summary>Does the work of one run.</summary>
    /// <param name="run">The run: its state, its log and its fencing token.</param>
    /// <param name="stop">Cancelled when the host stops, or when this instance no longer leads the job. A run that throws
    /// after the cancellation counts as unfinished.</param>
    /// <returns>A task that completes when the run ends. If the run succeeds, changes of the state that it has not saved are
    /// saved.</returns>
    Task RunAsync(JobRun run, CancellationToken stop);
}
