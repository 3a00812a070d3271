namespace KafkaCaching.Waiting;

/// <summary>Lets any number of callers make a loop start its next iteration sooner. Further calls before that iteration have no
/// effect.</summary>
internal sealed class Nudge
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Requests the next iteration. Safe to call from any thread.</summary>
    public void Give() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>Waits until an iteration is requested, but at least for the minimum time and at most for the maximum time. A request that
    /// was made before the call counts. Called by the loop only.</summary>
    public async Task WaitAsync(TimeSpan atLeast, TimeSpan atMost, TimeProvider time, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        // Both waits begin at the same time. Otherwise, the code of the second wait would be called for the first time in the middle of a
        // replay, and would delay .NET's tier-1 compilation.
        var nudgedOrOver = Task.WhenAny(Task.Delay(atMost, time, over.Token), Volatile.Read(ref _next).Task);
        await Task.WhenAll(Task.Delay(atLeast, time, stopping), nudgedOrOver).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();

        // A request from here on is for the iteration after the one that begins now.
        Volatile.Write(ref _next, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
