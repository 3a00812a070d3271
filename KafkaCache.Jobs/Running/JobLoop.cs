using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Scheduling;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>Runs a job at the times of its schedule while this instance leads it.</summary>
internal sealed class JobLoop(JobDefinition job, JobStore store, KafkaLeadership leadership, JobRunner runner, ILogger logger)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    private readonly TermLoop _terms = new(leadership, store.Time);
    private readonly DateTimeOffset _begun = store.Time.GetUtcNow();

    public KafkaLeadership Leadership => leadership;

    /// <summary>The problem that keeps this instance from leading, or from running the job although it leads; <see langword="null"/> if
    /// there is none.</summary>
    public string? Problem => _terms.Problem;

    public Task RunAsync(CancellationToken stop) => _terms.RunAsync(
        LeadAsync, failed => Log.JobNotRun(logger, failed, job.Name, failed.Message), static () => { }, stop);

    private async Task LeadAsync(CancellationToken stop)
    {
        var handled = Handled(await runner.LastRunsAsync(job, stop).ConfigureAwait(false), job.Options.Missed, _begun);
        _terms.NoteWorking();
        while (true)
        {
            var now = store.Time.GetUtcNow();
            if (Slots.Next(job.Schedule!, job.Options.Missed, handled, now) is not { } slot)
            {
                Log.JobHasNoTime(logger, job.Name);
                await Task.Delay(Timeout.InfiniteTimeSpan, store.Time, stop).ConfigureAwait(false);
                return;
            }

            if (slot > now)
            {
                await Task.Delay(slot - now < MaxDelay ? slot - now : MaxDelay, store.Time, stop).ConfigureAwait(false);
                if (store.Time.GetUtcNow() < slot)
                    continue;
            }

            if (await runner.RunAsync(job, slot, stop).ConfigureAwait(false) is RunEnd.Fenced or RunEnd.Stopped)
                return;
            _terms.NoteWorking();
            handled = slot;
        }
    }

    /// <summary>The time up to which the schedule has been handled. The scheduled time of a run that has not ended or was cut off counts as
    /// not handled, unless missed runs are skipped.</summary>
    internal static DateTimeOffset Handled(IReadOnlyList<JobRunInfo> runs, MissedRuns missed, DateTimeOffset begun) => runs switch
    {
        // The schedule of a job that has never run begins when this instance starts, not when its term begins: in an earlier term, the
        // first run may have been due and failed to begin.
        [] => begun,
        [{ Outcome: JobRunOutcome.Running or JobRunOutcome.Stopped } last, ..] when missed != MissedRuns.Skip =>
            last.ScheduledFor - TimeSpan.FromTicks(1),
        [var last, ..] => last.ScheduledFor,
    };
}
