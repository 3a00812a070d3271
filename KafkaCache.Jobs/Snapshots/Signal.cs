namespace KafkaCaching.Jobs.Snapshots;

/// <summary>An event that can occur repeatedly and wakes all waiters each time. A waiter must take <see cref="Next"/> before it checks its
/// condition, so that it misses no change.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    /// <summary>A task that completes when the event next occurs.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
