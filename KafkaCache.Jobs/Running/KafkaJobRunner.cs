using System.Diagnostics.Metrics;

namespace KafkaCaching.Jobs.Running;

/// <summary>Runs the jobs of a container on demand.</summary>
internal sealed class KafkaJobRunner(
    IEnumerable<JobDefinition> jobs, JobStore store, JobRunner runner, JobStatusReport report, IMeterFactory? meters) : IKafkaJobRunner
{
    public IReadOnlyList<JobStatus> Jobs => report.All;

    public async Task<JobRunOutcome?> RunAsync(string job, CancellationToken cancellationToken = default)
    {
        var definition = jobs.FirstOrDefault(one => one.Name == job)
            ?? throw new ArgumentException($"There is no job '{job}'. Add it with AddJob.", nameof(job));
        var leadership = JobElection.Join(job, store.Options, store.Time, meters, store.Loggers);
        await using (leadership.ConfigureAwait(false))
        {
            return await SingleRun.RunAsync(definition, store, runner, leadership, cancellationToken).ConfigureAwait(false) switch
            {
                null or RunEnd.Fenced => null,
                RunEnd.Succeeded => JobRunOutcome.Succeeded,
                RunEnd.Failed => JobRunOutcome.Failed,
                _ => JobRunOutcome.Stopped,
            };
        }
    }
}
