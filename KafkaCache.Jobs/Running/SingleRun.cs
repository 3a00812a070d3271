namespace KafkaCaching.Jobs.Running;

/// <summary>Makes one run of a job on demand, if no other instance runs the job.</summary>
internal static class SingleRun
{
    /// <returns>How the run ended; <see langword="null"/> if another instance runs the job or waits to run it.</returns>
    public static async Task<RunEnd?> RunAsync(
        JobDefinition job, JobStore store, JobRunner runner, KafkaLeadership leadership, CancellationToken stop)
    {
        if (await TermAsync(leadership, store, stop).ConfigureAwait(false) is not { } term)
            return null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, stop);
        return await runner.RunAsync(job, store.Time.GetUtcNow(), either.Token).ConfigureAwait(false);
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
            // If the brokers have not answered, it is unknown whether another instance holds the job.
            return leadership.Status.Problem is { } problem ? throw new TimeoutException(problem, late) : null;
        }
    }
}
