namespace KafkaCaching.Snapshots;

/// <summary>How far a load has come. The loading thread counts; whoever waits for it looks, and may give it up.</summary>
internal sealed class LoadProgress
{
    private long _frames;
    private volatile bool _isGivenUp;

    public long Frames => Volatile.Read(ref _frames);

    public void GiveUp() => _isGivenUp = true;

    /// <summary>Loading thread. Another frame has been loaded.</summary>
    /// <exception cref="OperationCanceledException">The load has been given up.</exception>
    public void Pass()
    {
        Volatile.Write(ref _frames, _frames + 1);
        if (_isGivenUp)
            throw new OperationCanceledException("The load has been given up.");
    }
}
