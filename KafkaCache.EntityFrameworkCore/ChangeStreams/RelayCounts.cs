namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>Counts the work of a relay, and measures how far it is behind.</summary>
internal sealed class RelayCounts(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _changes;
    private long _marks;
    private long _clears;
    private long _failures;
    private long _lagBytes;
    private long _probes;
    private int _isReading;
    private long? _probed;
    private TimeSpan? _lag;

    public long Changes => Interlocked.Read(ref _changes);

    public long Marks => Interlocked.Read(ref _marks);

    public long Clears => Interlocked.Read(ref _clears);

    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>The number of acknowledged probes.</summary>
    public long Probes => Interlocked.Read(ref _probes);

    public bool IsReading => Volatile.Read(ref _isReading) != 0;

    public long LagBytes => Interlocked.Read(ref _lagBytes);

    /// <summary>The lag that was last measured or set, or the time since the current probe was sent if that is longer;
    /// <see langword="null"/> while no lag is known, and while this instance doesn't read the source.</summary>
    public TimeSpan? Lag
    {
        get
        {
            lock (_gate)
            {
                if (!IsReading)
                    return null;
                var waiting = _probed is { } since ? time.GetElapsedTime(since) : (TimeSpan?)null;
                return waiting > (_lag ?? TimeSpan.Zero) ? waiting : _lag;
            }
        }
    }

    public void CountChange() => Interlocked.Increment(ref _changes);

    public void CountMarks(int marks) => Interlocked.Add(ref _marks, marks);

    public void CountClear() => Interlocked.Increment(ref _clears);

    public void CountFailure() => Interlocked.Increment(ref _failures);

    public void SetLagBytes(long bytes) => Interlocked.Exchange(ref _lagBytes, bytes);

    public void Begin() => Volatile.Write(ref _isReading, 1);

    public void End()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isReading, 0);
            (_probed, _lag) = (null, null);
        }
    }

    /// <summary>Sets the age that the oldest change had when it was acknowledged; zero if there was no change.</summary>
    public void SetLag(TimeSpan lag)
    {
        lock (_gate)
            _lag = lag;
    }

    /// <summary>Starts to measure the time of a probe that has been sent through the source.</summary>
    public void ProbeSent()
    {
        lock (_gate)
            _probed ??= time.GetTimestamp();
    }

    /// <summary>Takes the lag from the probe, which has been acknowledged together with everything before it in the source.</summary>
    public void ProbeAcknowledged()
    {
        lock (_gate)
        {
            if (_probed is { } since)
                _lag = time.GetElapsedTime(since);
            _probed = null;
            _probes++;
        }
    }
}
