namespace KafkaCaching.Snapshots;

/// <summary>Limits a thread to a number of bytes per second, on average since it began.</summary>
internal sealed class WritePace(long bytesPerSecond, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(2);

    private readonly long _started = time.GetTimestamp();

    /// <summary>Waits until the pace allows this many more bytes.</summary>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public void Wait(long bytes)
    {
        stopping.ThrowIfCancellationRequested();
        var early = TimeSpan.FromSeconds((double)bytes / bytesPerSecond) - time.GetElapsedTime(_started);
        if (early >= MinPause)
            Task.Delay(early, time, stopping).GetAwaiter().GetResult();
    }
}
