namespace KafkaCaching.Jobs;

/// <summary>A job: work that one instance does at a time, and that remembers. Each run gets an instance of its own, from a scope of
/// services of its own.</summary>
public interface IKafkaJob
{
    /// <summary>Does the work of one run.</summary>
    /// <param name="run">The run: its state, its log and its fencing token.</param>
    /// <param name="stop">Cancelled when the host stops, or when this instance no longer leads the job. A run that ends by it counts as
    /// unfinished.</param>
    /// <returns>A task that ends with the run. Changes of the state that are not saved by then are saved.</returns>
    Task RunAsync(JobRun run, CancellationToken stop);
}
