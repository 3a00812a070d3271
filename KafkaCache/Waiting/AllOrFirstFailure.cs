using System.Runtime.CompilerServices;

namespace KafkaCaching.Waiting;

/// <summary>Waits for several tasks at once. The first one that fails decides the outcome, and the rest are not awaited.</summary>
internal static class AllOrFirstFailure
{
    /// <summary>Begins all waits and waits for them.</summary>
    /// <param name="all">The items to wait for.</param>
    /// <param name="wait">Begins one wait. Its token is cancelled when another one fails.</param>
    /// <param name="cancellationToken">Cancels all of them.</param>
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
