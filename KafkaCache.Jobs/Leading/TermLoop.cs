namespace KafkaCaching.Jobs.Leading;

/// <summary>Does a work whenever this instance leads, until it is stopped.</summary>
/// <param name="leadership">What it leads.</param>
/// <param name="lead">The work of one term. Its token ends with the term.</param>
/// <param name="failed">Told of what a term has failed with. Another term follows.</param>
/// <param name="ended">Told that a term has ended, however it did.</param>
/// <param name="time">The clock.</param>
internal sealed class TermLoop(
    KafkaLeadership leadership, Func<CancellationToken, Task> lead, Action<Exception> failed, Action ended, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken stop)
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
                // The term is over, or the cache or the host is.
            }
            catch (Exception cause) when (cause is not OutOfMemoryException)
            {
                failed(cause);
            }

            ended();
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
