using KafkaCaching.Jobs.Scheduling;

namespace KafkaCaching.Jobs.Leading;

/// <summary>Does some work in each term in which this instance is the leader, until the loop is stopped.</summary>
/// <param name="leadership">Decides when this instance is the leader.</param>
/// <param name="time">The clock.</param>
internal sealed class TermLoop(KafkaLeadership leadership, TimeProvider time)
{
    private readonly Pauses _pauses = new();
    private volatile string? _problem;

    /// <summary>The problem that keeps this instance from leading, or from doing its work although it leads; <see langword="null"/> if
    /// there is none.</summary>
    public string? Problem => leadership.IsLeader && _problem is { } problem ? problem : leadership.Status.Problem;

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="lead">The work of one term. Its token is cancelled when the term ends.</param>
    /// <param name="failed">Called with the exception that ended a term. Another term follows.</param>
    /// <param name="ended">Called after each term, however it ended.</param>
    /// <param name="stop">Ends the loop.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, Action<Exception> failed, Action ended, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var term = await leadership.WaitForLeadershipAsync(stop).ConfigureAwait(false);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, stop);
                await lead(either.Token).ConfigureAwait(false);
            }
            catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
            {
                // The term has ended, something that the work uses has been disposed of, or the host is stopping.
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                // A leader that was fenced has no problem to report, because another instance does the work.
                _problem = cause is FencedException ? null : cause.Message;
                failed(cause);
            }

            ended();
            await Task.Delay(_pauses.After(failed: _problem is not null), time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reports that the work can be done, which clears the problem of an earlier term. Called by the work only.</summary>
    public void NoteWorking()
    {
        _problem = null;
        _pauses.Reset();
    }
}
