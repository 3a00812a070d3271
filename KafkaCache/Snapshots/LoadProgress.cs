using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Snapshots;

/// <summary>The progress of a load. The loading thread counts its steps. A thread that waits for the load checks the count, and gives up
/// the load if it makes no progress.</summary>
internal sealed class LoadProgress
{
    // This is generous, because a local disk delivers a frame in microseconds.
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

    /// <summary>Waits for a limited time until the load has ended.</summary>
    /// <returns>Whether the load has ended; <see langword="false"/> if it has only made progress. If the load has failed, its exception is
    /// thrown.</returns>
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

    /// <summary>Whether nothing has been read for ten seconds. Only one thread may call this.</summary>
    public bool IsStalled(TimeProvider time)
    {
        if (_stepsSeen != Steps)
            (_stepsSeen, _seenAt) = (Steps, time.GetTimestamp());
        return time.GetElapsedTime(_seenAt) >= Patience;
    }

    /// <summary>Records that another piece has been fetched or loaded. Called on the loading thread only.</summary>
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
