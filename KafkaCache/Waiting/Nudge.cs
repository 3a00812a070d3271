namespace KafkaCaching.Waiting;

/// <summary>Lets many callers ask one loop to start its next round sooner. Further calls before that round have no effect.</summary>
internal sealed class Nudge
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Asks for the next round. Safe to call from any thread.</summary>
    public void Give() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>Waits until a nudge is given, but at least for the minimum time and at most for the maximum time. A nudge that was given
    /// before the call counts. Called by the loop only.</summary>
    public async Task WaitAsync(TimeSpan atLeast, TimeSpan atMost, TimeProvider time, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        // Both waits begin at once. Otherwise the code after the shorter one would first be called in the middle of a replay, and would
        // hold up .NET's second tier of compilation.
        var nudgedOrOver = Task.WhenAny(Task.Delay(atMost, time, over.Token), Volatile.Read(ref _next).Task);
        await Task.WhenAll(Task.Delay(atLeast, time, stopping), nudgedOrOver).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();

        // A nudge from here on is for the round after the one that begins now.
        Volatile.Write(ref _next, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
