namespace KafkaCaching.Snapshots;

/// <summary>Keeps a thread to so many bytes a second, on average since it began.</summary>
internal sealed class WritePace(long bytesPerSecond, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(2);

    private readonly long _started = time.GetTimestamp();

    /// <summary>Waits until so many bytes are allowed to have been handled.</summary>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public void Wait(long bytes)
    {
        stopping.ThrowIfCancellationRequested();
        var early = TimeSpan.FromSeconds((double)bytes / bytesPerSecond) - time.GetElapsedTime(_started);
        if (early >= LeastPause)
            Task.Delay(early, time, stopping).GetAwaiter().GetResult();
    }
}
