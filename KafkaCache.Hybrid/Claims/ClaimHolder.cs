namespace KafkaCaching.Hybrid.Claims;

/// <summary>A claim in force: its pod runs the factory of a key on behalf of all pods.</summary>
internal sealed class ClaimHolder(long number, DateTimeOffset deadline, CachePosition? fillBefore)
{
    private readonly TaskCompletionSource<CachePosition?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Number => number;

    /// <summary>The time at which the claim expires even if its pod never ends it, for example because the pod has died.</summary>
    public DateTimeOffset Deadline => deadline;

    /// <summary>The position of the previous claim's fill.</summary>
    public CachePosition? FillBefore => fillBefore;

    /// <summary>The position of this claim's fill; <see langword="null"/> until the claim has ended with one.</summary>
    public CachePosition? Fill => _end.Task.IsCompleted ? _end.Task.Result : null;

    public bool IsHeldAt(DateTimeOffset time) => !_end.Task.IsCompleted && deadline > time;

    /// <summary>A task that completes when the pod has ended its claim. The result is the position of the value that the pod stored, if
    /// any.</summary>
    public Task<CachePosition?> Ended => _end.Task;

    public void End(CachePosition? fill) => _end.TrySetResult(fill);
}
