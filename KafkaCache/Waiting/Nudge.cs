namespace KafkaCaching.Waiting;

/// <summary>Lets many ask one loop to come round sooner. Asked again before it does, nothing more happens.</summary>
internal sealed class Nudge
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Any thread.</summary>
    public void Give() => Volatile.Read(ref _next).TrySetResult();

    /// <summary>The loop. Waits for the next nudge, at most so long.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(Task.Delay(atMost, time, over.Token), Volatile.Read(ref _next).Task).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();

        // Whoever nudges from here on means the round after the one that begins now.
        Volatile.Write(ref _next, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
