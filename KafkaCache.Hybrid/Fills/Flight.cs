using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Hybrid.Fills;

/// <summary>One run of a factory, and the callers that wait for it.</summary>
/// <remarks>The factory's token is cancelled only when the last caller has stopped waiting. A caller that is cancelled earlier ends only
/// its own wait.</remarks>
// The CancellationTokenSource is never disposed: it has neither a timer nor a handle, and the factory may use its token after the flight
// has ended.
#pragma warning disable CA1001
internal abstract class Flight(FlightKey key, Capture? capture, string[] tagMarks, long invalidationsBefore)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private int _waiting = 1;
    private bool _isClosed;

    public FlightKey Key => key;

    /// <summary>The state of the cache before the source is read; <see langword="null"/> if the cache can't be read.</summary>
    public Capture? Capture => capture;

    public string[] TagMarks => tagMarks;

    /// <summary>The number of this process's invalidations when the flight began.</summary>
    public long InvalidationsBefore => invalidationsBefore;

    /// <summary>An entry without a value, which is valid for exactly as long as the result of this flight.</summary>
    public StoredRecord Probe { get; } = new(RecordKind.Null, default) { AsOf = capture?.AsOf, TagMarks = tagMarks };

    /// <summary>The flights that the factory is waiting for. Guarded by the lock of <see cref="NestedWaits"/>.</summary>
    public List<Flight> WaitsFor { get; } = [];

    /// <summary>The factory's token, which is cancelled when the last caller has stopped waiting or the cache is disposed.</summary>
    public CancellationToken Token => _abandoned.Token;

    /// <summary>Adds a caller, unless the flight has been abandoned. A flight whose factory has returned may still be joined.</summary>
    public bool TryJoin()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _waiting++;
            return true;
        }
    }

    /// <summary>Removes a caller that has stopped waiting.</summary>
    /// <returns>Whether the caller was the last one, so that the flight is abandoned.</returns>
    public bool Leave()
    {
        lock (_gate)
        {
            if (--_waiting > 0)
                return false;
            _isClosed = true;
        }

        if (!HasEnded)
            _abandoned.Cancel();
        return true;
    }

    /// <summary>Ends the flight and its callers' waits when the cache is disposed.</summary>
    public void End(Exception reason)
    {
        lock (_gate)
            _isClosed = true;
        Fail(reason);
        _abandoned.Cancel();
    }

    public abstract bool HasEnded { get; }

    public abstract void Fail(Exception cause);
}
