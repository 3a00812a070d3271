using System.Runtime.CompilerServices;

namespace KafkaCaching.Waiting;

/// <summary>Waits for several tasks at once. If one fails, the wait fails with its exception, and the others are not awaited.</summary>
internal static class AllOrFirstFailure
{
    /// <summary>Starts all tasks and waits for them.</summary>
    /// <param name="all">The items to wait for.</param>
    /// <param name="wait">Starts the task for one item. The token is cancelled when another task fails.</param>
    /// <param name="cancellationToken">Cancels all tasks.</param>
    [AsyncMethodBuilder(typeof(QuietTaskMethodBuilder))]
    public static async Task WaitAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] waits = [.. all.Select(one => wait(one, failed.Token))];
        try
        {
            await foreach (var ended in Task.WhenEach(waits).WithCancellation(cancellationToken).ConfigureAwait(false))
                await ended.ConfigureAwait(false);
        }
        catch
        {
            foreach (var one in waits)
                one.Observe();
            await failed.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
