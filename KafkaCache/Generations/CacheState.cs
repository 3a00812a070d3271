using KafkaCaching.Replay;
using KafkaCaching.Waiting;

namespace KafkaCaching.Generations;

/// <summary>The phase of a cache, and the generation that its readers see. All changes are made under one lock. A reader needs only one
/// volatile read.</summary>
internal sealed class CacheState(string name, ReadPolicy reads)
{
    private readonly Lock _gate = new();
    private Generation? _building;
    private Generation? _serving;
    private Generation? _readable;
    private Exception? _fault;
    private TimeSpan? _timeToReady;
    private string? _stale;
    private bool _rebuilding;
    private int _logsGone;
    private int _logOfBuilding;
    private int _logOfServing;
    private bool _stopped;
    private string? _reason;

    /// <summary>Completes when the cache is ready for the first time, or fails if the cache ends before that.</summary>
    public Completion<bool> Ready { get; } = new();

    /// <summary>Completes when the topic's partitions are known, or fails if the cache ends before that.</summary>
    public Completion<bool> TopicKnown { get; } = new();

    /// <summary>Signalled when a caller has seen something that contradicts what is known about the topic.</summary>
    public Nudge TopicDoubted { get; } = new();

    /// <summary>The generation that readers see, or <see langword="null"/> if reads must be refused.</summary>
    public Generation? Readable => Volatile.Read(ref _readable);

    /// <summary>The serving generation, or the first one while it is being built.</summary>
    public Generation? Current
    {
        get
        {
            lock (_gate)
                return _serving ?? _building;
        }
    }

    /// <summary>The generation being built, or the serving one if none is being built. It has the latest information about the
    /// topic.</summary>
    public Generation? Newest
    {
        get
        {
            lock (_gate)
                return _building ?? _serving;
        }
    }

    /// <summary>The positions that <see cref="Current"/> has applied (<see langword="null"/> if there is no generation, or if its log is
    /// known to be gone), and the number of times that the log has been truncated or recreated. As long as that number does not change, an
    /// offset denotes the same record.</summary>
    public (Positions? Positions, int LogsGone) Applied
    {
        get
        {
            lock (_gate)
            {
                var isOfTheLog = (_serving is null ? _logOfBuilding : _logOfServing) == _logsGone;
                return (isOfTheLog ? (_serving ?? _building)?.Positions : null, _logsGone);
            }
        }
    }

    /// <summary>The time from the creation of the cache until its first generation began to serve.</summary>
    public TimeSpan? TimeToReady
    {
        get
        {
            lock (_gate)
                return _timeToReady;
        }
    }

    public (CachePhase Phase, Generation? Current, Exception? Fault, string? Reason) Snapshot()
    {
        lock (_gate)
            return (Phase_NeedsLock(), _serving ?? _building, _fault, _reason ?? _stale);
    }

    public void SetReason(string? reason)
    {
        lock (_gate)
            _reason = reason;
    }

    /// <returns>The generation that was being built until now and that never served, if any.</returns>
    public Generation? Build(Generation generation)
    {
        Generation? abandoned;
        lock (_gate)
        {
            abandoned = _building;
            _building = generation;
            _logOfBuilding = _logsGone;
            _reason = null;
            Settle_NeedsLock();
        }

        TopicKnown.TrySet(true);
        return abandoned;
    }

    /// <summary>Makes the generation that was being built the serving one.</summary>
    /// <param name="sinceCreated">How long ago the cache was created.</param>
    /// <returns>The generation that served before, if any.</returns>
    public Generation? Serve(TimeSpan sinceCreated)
    {
        Generation? retired;
        lock (_gate)
        {
            retired = _serving;
            _serving = _building;
            _logOfServing = _logOfBuilding;
            _timeToReady ??= sinceCreated;
            _rebuilding = false;
            _building = null;
            Settle_NeedsLock();
        }

        Ready.TrySet(true);
        return retired;
    }

    /// <summary>The generations whose stores are still held.</summary>
    public IEnumerable<Generation> Held()
    {
        lock (_gate)
            return new[] { _serving, _building }.OfType<Generation>();
    }

    /// <summary>Records that the serving generation is out of date and a new one will be built.</summary>
    public void BeginRebuild()
    {
        lock (_gate)
        {
            _rebuilding = true;
            Settle_NeedsLock();
        }
    }

    /// <summary>Records that the log of the generations so far is gone, because it was truncated or recreated. This must only be called
    /// when no waiter follows that log, because a put that begins afterwards waits for an offset of the next log.</summary>
    public void LogIsGone()
    {
        lock (_gate)
            _logsGone++;
    }

    /// <param name="reason">Why the cache is stale; <see langword="null"/> when it is not. It is shown when <see cref="SetReason"/> has set
    /// no reason, so a stale cache always has one.</param>
    /// <returns>Whether the cache has just become stale or stopped being stale.</returns>
    public bool SetStale(string? reason)
    {
        lock (_gate)
        {
            var isNews = _stale is null != reason is null;
            _stale = reason;
            if (!isNews)
                return false;
            Settle_NeedsLock();
            return true;
        }
    }

    /// <returns>Whether the cache was still running.</returns>
    public bool Fault(Exception cause)
    {
        lock (_gate)
        {
            if (_stopped || _fault is not null)
                return false;
            _fault = cause;
            Settle_NeedsLock();
        }

        Ready.TryFail(Faulted(cause));
        TopicKnown.TryFail(Faulted(cause));
        return true;
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Settle_NeedsLock();
        }

        Ready.TryFail(Disposed());
        TopicKnown.TryFail(Disposed());
    }

    public ObjectDisposedException Disposed() => new(objectName: null, $"The cache '{name}' has been disposed of.");

    public CacheFaultedException Faulted(Exception cause) => new($"The cache '{name}' has faulted: {MessageOf(cause)}", cause);

    /// <summary>Throws if the cache has faulted or stopped, whether or not it was ever ready.</summary>
    public void ThrowIfEnded()
    {
        var (phase, _, fault, _) = Snapshot();
        if (phase == CachePhase.Stopped)
            throw Disposed();
        if (phase == CachePhase.Faulted)
            throw Faulted(fault!);
    }

    /// <summary>Returns the exception that explains why reads are currently refused.</summary>
    public Exception WhyUnreadable()
    {
        var (phase, current, fault, reason) = Snapshot();
        var progress = current?.Positions.Progress ?? 0;
        return phase switch
        {
            CachePhase.Stopped => Disposed(),
            CachePhase.Faulted => Faulted(fault!),
            CachePhase.Stale => new CacheNotReadyException(
                $"The cache '{name}' is stale: for longer than StaleAfter, the brokers have not confirmed that it keeps up with the log. "
                + $"Set ReadWhenStale to read it anyway. {reason}",
                phase, progress) { Cache = name },
            _ => new CacheNotReadyException(
                $"The cache '{name}' is not ready ({phase}, {progress:P0} replayed). Call WaitUntilReady first, or set ReadBeforeReady "
                + $"to read what is there so far.{(reason is null ? "" : $" {reason}")}",
                phase, progress) { Cache = name },
        };
    }

    public static string MessageOf(Exception cause)
    {
        try
        {
            return cause.Message;
        }
        catch (Exception)
        {
            // The exception may come from user code, such as a clock, and its Message property may throw. Unhandled, that exception would
            // end the process before the fault had been reported.
            return $"{cause.GetType()}, whose message can't be read.";
        }
    }

    private void Settle_NeedsLock() => Volatile.Write(ref _readable, Readable_NeedsLock());

    private Generation? Readable_NeedsLock() => Phase_NeedsLock() switch
    {
        CachePhase.Ready or CachePhase.Rebuilding => _serving,
        CachePhase.Stale => reads.WhenStale ? _serving : null,
        CachePhase.Faulted => reads.WhenFaulted ? _serving ?? _building : null,
        CachePhase.Replaying => reads.BeforeReady ? _building : null,
        _ => null,
    };

    private CachePhase Phase_NeedsLock() => this switch
    {
        { _stopped: true } => CachePhase.Stopped,
        { _fault: not null } => CachePhase.Faulted,
        { _serving: null, _building: null } => CachePhase.Starting,
        { _serving: null } => CachePhase.Replaying,
        { _stale: not null } => CachePhase.Stale,
        { _rebuilding: true } => CachePhase.Rebuilding,
        _ => CachePhase.Ready,
    };
}
