namespace KafkaCaching.Snapshots;

/// <summary>How far a load has come. The loading thread counts; whoever waits for it looks, and may give it up.</summary>
internal sealed class LoadProgress
{
    private long _steps;
    private volatile bool _isGivenUp;
    private volatile bool _isFetching;

    public long Steps => Volatile.Read(ref _steps);

    public bool IsGivenUp => _isGivenUp;

    /// <summary>Whether the file is still being fetched from a sibling.</summary>
    public bool IsFetching
    {
        get => _isFetching;
        set => _isFetching = value;
    }

    public void GiveUp() => _isGivenUp = true;

    /// <summary>Loading thread. Another piece has been fetched or loaded.</summary>
    /// <exception cref="OperationCanceledException">The load has been given up.</exception>
    public void Pass()
    {
        Volatile.Write(ref _steps, _steps + 1);
        if (_isGivenUp)
            throw new OperationCanceledException("The load has been given up.");
    }
}
