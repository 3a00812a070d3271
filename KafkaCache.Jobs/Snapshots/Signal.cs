namespace KafkaCaching.Jobs.Snapshots;

/// <summary>Wakes all who wait whenever something has happened. Take <see cref="Next"/> before looking at what may have happened.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends when something happens after this call.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
