using System.Diagnostics.Metrics;

namespace KafkaCaching.Jobs.Running;

/// <summary>Runs the jobs of a container on demand.</summary>
internal sealed class KafkaJobRunner(IEnumerable<JobDefinition> jobs, JobStore store, JobRunner runner, IMeterFactory? meters)
    : IKafkaJobRunner
{
    public async Task<JobRunOutcome?> RunAsync(string job, CancellationToken cancellationToken = default)
    {
        var definition = jobs.FirstOrDefault(one => one.Name == job)
            ?? throw new ArgumentException($"There is no job '{job}'. Add it with AddJob.", nameof(job));
        return await SingleRun.RunAsync(definition, store, runner, meters, cancellationToken).ConfigureAwait(false) switch
        {
            null or RunEnd.Fenced => null,
            RunEnd.Succeeded => JobRunOutcome.Succeeded,
            RunEnd.Failed => JobRunOutcome.Failed,
            _ => JobRunOutcome.Stopped,
        };
    }
}
