using System.Diagnostics.Metrics;

namespace KafkaCaching.Jobs.Running;

/// <summary>Makes one run of a job for whoever asks, if no other instance runs it.</summary>
internal static class SingleRun
{
    /// <returns>How it ended; <see langword="null"/> if another instance runs the job or waits to.</returns>
    public static async Task<RunEnd?> RunAsync(
        JobDefinition job, JobStore store, JobRunner runner, IMeterFactory? meters, CancellationToken stop)
    {
        var leadership = KafkaLeadership.Campaign(store.Election(job.Name, meters), store.Loggers);
        await using (leadership.ConfigureAwait(false))
        {
            if (await TermAsync(leadership, store, stop).ConfigureAwait(false) is not { } term)
                return null;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, stop);
            return await runner.RunAsync(job, store.Time.GetUtcNow(), either.Token).ConfigureAwait(false);
        }
    }

    private static async Task<LeadershipTerm?> TermAsync(KafkaLeadership leadership, JobStore store, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(store.Options.HeldTimeout, store.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            return await leadership.WaitForLeadershipAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // Without a word from the brokers, nobody knows whether another instance holds it.
            return leadership.Status.Problem is { } problem ? throw new TimeoutException(problem, late) : null;
        }
    }
}
