using System.Text;
using System.Text.Json;
using KafkaCaching.Jobs.History;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Scheduling;
using KafkaCaching.Jobs.State;

namespace KafkaCaching.Jobs.Running;

/// <summary>Creates the status of the jobs of a service.</summary>
internal sealed class JobStatusReport(IEnumerable<JobDefinition> jobs, JobStore store, JobLoops loops)
{
    private readonly JobDefinition[] _jobs = [.. jobs];

    // The schedule of a job that has never run begins when this instance starts.
    private readonly DateTimeOffset _begun = store.Time.GetUtcNow();

    public IReadOnlyList<JobStatus> All => Array.ConvertAll(_jobs, Of);

    private JobStatus Of(JobDefinition job)
    {
        var loop = loops.Of(job.Name);
        var next = Next(job);
        var now = store.Time.GetUtcNow();
        return new JobStatus(job.Name)
        {
            Cron = job.Options.Cron,
            IsLeader = loop?.Leadership.IsLeader ?? false,
            Leader = Barriers.Leader(store.Table, Encoding.ASCII.GetString(JobKeys.Barrier(job.Name))),
            NextRun = next,
            Overdue = next < now ? now - next.Value : TimeSpan.Zero,
            Problem = loop?.Problem,
        };
    }

    // If a run is in progress, the next time is the one after that run's scheduled time.
    private DateTimeOffset? Next(JobDefinition job)
    {
        if (job.Schedule is not { } schedule)
            return null;
        try
        {
            var last = RunTable.Read(store.Table, job.Name) is [var newest, ..] ? newest.ScheduledFor : _begun;
            return schedule.After(Slots.Plausible(last, store.Time.GetUtcNow()));
        }
        catch (Exception unreadable) when (unreadable is KafkaCacheException or ObjectDisposedException or JsonException)
        {
            return null;
        }
    }
}
