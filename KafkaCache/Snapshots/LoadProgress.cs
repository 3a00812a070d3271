using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Snapshots;

/// <summary>How far a load has come. The loading thread counts; whoever waits for it looks, and may give it up.</summary>
internal sealed class LoadProgress
{
    // A local disk delivers a frame in microseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private long _steps;
    private long _stepsSeen = -1;
    private long _seenAt;
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

    /// <summary>Waits for what the loading thread does, as long as it gets on.</summary>
    /// <returns>Whether it has ended. It throws what that has thrown.</returns>
    /// <exception cref="SnapshotException">Nothing has been read for ten seconds.</exception>
    public bool Wait(Task loading, TimeProvider time, CancellationToken stopping)
    {
        var seen = Steps;
        try
        {
            loading.WaitAsync(Patience, time, stopping).GetAwaiter().GetResult();
            return true;
        }
        catch (TimeoutException late)
        {
            return Steps != seen ? false : throw Late(late);
        }
    }

    /// <summary>Whether nothing has been read for ten seconds, as far as one thread has looked.</summary>
    public bool IsStalled(TimeProvider time)
    {
        if (_stepsSeen != Steps)
            (_stepsSeen, _seenAt) = (Steps, time.GetTimestamp());
        return time.GetElapsedTime(_seenAt) >= Patience;
    }

    /// <summary>Loading thread. Another piece has been fetched or loaded.</summary>
    /// <exception cref="OperationCanceledException">The load has been given up.</exception>
    public void Pass()
    {
        Volatile.Write(ref _steps, _steps + 1);
        if (_isGivenUp)
            throw new OperationCanceledException("The load has been given up.");
    }

    public static SnapshotException Late(Exception? late = null) =>
        new(ColdStartReason.TimedOut, "The file could not be read in time.", late);
}
