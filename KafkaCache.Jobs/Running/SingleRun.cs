using KafkaCaching.Diagnostics;
using KafkaCaching.Jobs.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Running;

/// <summary>Runs a job once, on demand, if no other instance runs it.</summary>
internal static class SingleRun
{
    // Only a wait longer than this is logged. An election without another candidate takes less time.
    private static readonly TimeSpan UnnoticedWait = TimeSpan.FromSeconds(1);

    /// <returns>How the run ended; <see langword="null"/> if another instance runs the job or waits to run it.</returns>
    public static async Task<RunEnd?> RunAsync(
        JobDefinition job, JobStore store, JobRunner runner, KafkaLeadership leadership, CancellationToken stop)
    {
        var logger = GuardedLogger.Of(store.Loggers, "KafkaCache.Jobs");
        if (await TermAsync(job, leadership, store, logger, stop).ConfigureAwait(false) is not { } term)
        {
            Log.JobHeld(logger, job.Name);
            return null;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, stop);
        return await runner.RunAsync(job, store.Time.GetUtcNow(), either.Token).ConfigureAwait(false);
    }

    private static async Task<LeadershipTerm?> TermAsync(
        JobDefinition job, KafkaLeadership leadership, JobStore store, ILogger logger, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(store.Options.HeldTimeout, store.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        var led = leadership.WaitForLeadershipAsync(either.Token);
        try
        {
            await Task.WhenAny(led, Task.Delay(UnnoticedWait, store.Time, either.Token)).ConfigureAwait(false);
            if (!led.IsCompleted)
                Log.JobWaits(logger, job.Name, store.Options.HeldTimeout, store.Options.SessionTimeout);
            return await led.ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // If the brokers do not answer, it is unknown whether another instance holds the job.
            return leadership.Status.Problem is { } problem ? throw new TimeoutException(problem, late) : null;
        }
    }
}
