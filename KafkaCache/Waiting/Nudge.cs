namespace KafkaCaching.Waiting;

/// <summary>Lets many ask one loop to come round sooner. Asked again before it does, nothing more happens.</summary>
internal sealed class Nudge
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Any thread.</summary>
    public void Give() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>The loop. Waits for a nudge, from before the wait or amid it, but never shorter or longer than so.</summary>
    public async Task WaitAsync(TimeSpan atLeast, TimeSpan atMost, TimeProvider time, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        // Both begun at once: what follows the shorter would else be called for the first time amid a replay, and hold up .NET's second
        // tier.
        var nudgedOrOver = Task.WhenAny(Task.Delay(atMost, time, over.Token), Volatile.Read(ref _next).Task);
        await Task.WhenAll(Task.Delay(atLeast, time, stopping), nudgedOrOver).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();

        // Whoever nudges from here on means the round after the one that begins now.
        Volatile.Write(ref _next, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
