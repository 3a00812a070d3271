using KafkaCaching.Jobs.Diagnostics;
using KafkaCaching.Jobs.History;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Logs;
using KafkaCaching.Jobs.State;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>Makes one run of a job: fence → wait until the local table has everything that earlier runs saved → record the run → run the
/// job → save the remaining changes and the end of the run in one transaction.</summary>
internal sealed class JobRunner(JobStore store, IServiceScopeFactory scopes, JobCounts counts, ILogger logger)
{
    // A host that stops waits for its services for a limited time only. The end of the run must be saved within that time.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Fences runs that may still be in progress elsewhere, and reads the last runs.</summary>
    /// <returns>The runs, the newest first.</returns>
    public async Task<IReadOnlyList<JobRunInfo>> LastRunsAsync(JobDefinition job, CancellationToken stop)
    {
        var writer = await FenceAsync(job, stop).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
            return RunTable.Read(store.Table, job.Name);
    }

    /// <exception cref="OperationCanceledException">The token was cancelled before the run began.</exception>
    public async Task<RunEnd> RunAsync(JobDefinition job, DateTimeOffset scheduledFor, CancellationToken stop)
    {
        var writer = await FenceAsync(job, stop).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var info = new JobRunInfo(
                Guid.CreateVersion7(store.Time.GetUtcNow()).ToString("N"), scheduledFor, store.Time.GetUtcNow(), EndedAt: null,
                JobRunOutcome.Running, Environment.MachineName, writer.Token, Error: null);

            // Earlier runs are fenced and can't write any more, so a run that has not recorded its end by now never will.
            var earlier = RunTable.Read(store.Table, job.Name).Take(store.Options.RunsKept - 1)
                .Select(static run => run.Outcome == JobRunOutcome.Running ? run with { Outcome = JobRunOutcome.Replaced } : run).ToList();
            var table = new StateTable(store.Table, job.Name)
            {
                Saved = await writer.WriteAsync([RunTable.Record(job.Name, [info, .. earlier])], stop).ConfigureAwait(false),
            };
            return await RunNotedAsync(job, info, earlier, table, writer, stop).ConfigureAwait(false);
        }
    }

    private Task<FencedWriter> FenceAsync(JobDefinition job, CancellationToken stop) =>
        FencedTable.OpenAsync(store.Table, store.Writer(job.Name), store.Loggers, stop);

    private async Task<RunEnd> RunNotedAsync(
        JobDefinition job, JobRunInfo info, IReadOnlyList<JobRunInfo> earlier, StateTable table, FencedWriter writer,
        CancellationToken stop)
    {
        var state = new JobState(table, store.Time);
        var log = new RunLogger(
            job.Name, info.Id, store.Logs, store.Loggers.CreateLogger($"KafkaCache.Job.{job.Name}"), store.Time,
            failed => Log.JobLineLost(logger, failed, job.Name));
        var run = new JobRun(
            job.Name, info.Id, info.ScheduledFor, info.Token, state, log, token => SaveAsync(state, table, writer, [], token));
        Log.JobStarted(logger, job.Name, info.Id);
        using var running = counts.Begin(job.Name);
        var (end, error) = await RunUsersCodeAsync(job, run, writer, log, stop).ConfigureAwait(false);
        if (end is not RunEnd.Fenced)
            (end, error) = await NoteEndAsync(job, info, earlier, state, table, writer, end, error).ConfigureAwait(false);
        await log.FlushAsync().ConfigureAwait(false);
        counts.CountEnd(job.Name, end);
        Log.JobEnded(logger, job.Name, info.Id, end, error is null ? "" : $" ({error})");
        return end;
    }

    private async Task<(RunEnd End, string? Error)> RunUsersCodeAsync(
        JobDefinition job, JobRun run, FencedWriter writer, RunLogger log, CancellationToken stop)
    {
        try
        {
            // A state that can't be read fails this run, which the history then shows. The next run still begins on schedule.
            run.State.Read();
            await RunInScopeAsync(job, run, stop).ConfigureAwait(false);
            return (RunEnd.Succeeded, null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (RunEnd.Stopped, null);
        }
        catch (FencedException fenced) when (writer.IsFenced)
        {
            return (RunEnd.Fenced, ErrorText.Of(fenced));
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            // Many clients throw their own exception when they are cancelled, so any exception after the cancellation counts as its result.
            Log.JobThrew(log, failed, job.Name);
            return (stop.IsCancellationRequested ? RunEnd.Stopped : RunEnd.Failed, ErrorText.Of(failed));
        }
    }

    private async Task RunInScopeAsync(JobDefinition job, JobRun run, CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        var instance = job.Create(scope.ServiceProvider);
        try
        {
            await instance.RunAsync(run, stop).ConfigureAwait(false);
        }
        finally
        {
            // The scope did not resolve the job as a service, so it does not dispose of it.
            if (instance is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (instance as IDisposable)?.Dispose();
        }
    }

    // Changes that a failed or cancelled run has not saved are discarded, as if the process had died.
    private async Task<(RunEnd End, string? Error)> NoteEndAsync(
        JobDefinition job, JobRunInfo info, IReadOnlyList<JobRunInfo> earlier, JobState state, StateTable table, FencedWriter writer,
        RunEnd end, string? error)
    {
        var ended = info with
        {
            EndedAt = store.Time.GetUtcNow(),
            Error = error,
            Outcome = end switch
            {
                RunEnd.Succeeded => JobRunOutcome.Succeeded,
                RunEnd.Failed => JobRunOutcome.Failed,
                _ => JobRunOutcome.Stopped,
            },
        };
        using var deadline = new CancellationTokenSource(end == RunEnd.Stopped ? EndTimeout : store.Options.TransactionTimeout, store.Time);
        try
        {
            FencedRecord[] last = [RunTable.Record(job.Name, [ended, .. earlier])];
            if (end == RunEnd.Succeeded)
                await SaveAsync(state, table, writer, last, deadline.Token).ConfigureAwait(false);
            else
                await writer.WriteAsync(last, deadline.Token).ConfigureAwait(false);
            return (end, error);
        }
        catch (FencedException fenced)
        {
            return (RunEnd.Fenced, ErrorText.Of(fenced));
        }
        catch (PutException refused) when (end == RunEnd.Succeeded && refused.Outcome == PutOutcome.NotCommitted)
        {
            // The changes can't be saved, for example because one is too large, so the end of the run is saved without them.
            Log.JobThrew(logger, refused, job.Name);
            return await NoteEndAsync(job, info, earlier, state, table, writer, RunEnd.Failed, ErrorText.Of(refused)).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is PutException or OperationCanceledException)
        {
            // The run counts as unfinished, so it will be repeated unless missed runs are skipped.
            Log.JobEndNotRecorded(logger, failed, job.Name, info.Id);
            return (end == RunEnd.Succeeded ? RunEnd.Failed : end, ErrorText.Of(failed));
        }
    }

    private static async Task SaveAsync(
        JobState state, StateTable table, FencedWriter writer, FencedRecord[] more, CancellationToken stop)
    {
        var changes = state.Changes();
        if (changes.Count + more.Length == 0)
            return;
        table.Saved = await writer.WriteAsync([.. changes, .. more], stop).ConfigureAwait(false);
        state.ChangesAreSaved();
    }
}
