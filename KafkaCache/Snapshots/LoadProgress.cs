using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Snapshots;

/// <summary>The progress of a load. The loading thread counts its steps. A thread that waits for the load checks the count, and may give up
/// the load.</summary>
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

    /// <summary>Waits until the loading thread's work has ended, as long as the work makes progress.</summary>
    /// <returns>Whether the work has ended. If it has failed, its exception is thrown.</returns>
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

    /// <summary>Whether nothing has been read for ten seconds, as seen by the one thread that calls this.</summary>
    public bool IsStalled(TimeProvider time)
    {
        if (_stepsSeen != Steps)
            (_stepsSeen, _seenAt) = (Steps, time.GetTimestamp());
        return time.GetElapsedTime(_seenAt) >= Patience;
    }

    /// <summary>Notes that another piece has been fetched or loaded. Called on the loading thread only.</summary>
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
