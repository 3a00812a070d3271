namespace KafkaCaching.Jobs.Snapshots;

/// <summary>Wakes all waiters whenever something happens. A waiter must take <see cref="Next"/> before it checks what has
/// happened.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    /// <summary>A task that ends when something happens after this call.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
