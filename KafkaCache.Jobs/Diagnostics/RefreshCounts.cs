namespace KafkaCaching.Jobs.Diagnostics;

/// <summary>The counts of one refreshed cache in this process.</summary>
internal sealed class RefreshCounts
{
    private long _succeeded;
    private long _failed;
    private long _writtenBytes;

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Failed => Interlocked.Read(ref _failed);

    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);

    public void CountSuccess(long writtenBytes)
    {
        Interlocked.Increment(ref _succeeded);
        Interlocked.Add(ref _writtenBytes, writtenBytes);
    }

    public void CountFailure() => Interlocked.Increment(ref _failed);
}
