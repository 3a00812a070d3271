namespace KafkaCaching.Hybrid.Validity;

/// <summary>Tracks the topic of the serving generation, and which of its records have been applied.</summary>
/// <remarks>Reading the cache's status is too expensive for a hit, so hits use the topic state that the last capture or refresh found, at
/// most about a second ago. Even if the topic was recreated within that second, no entry of the wrong log is served: the new offsets begin
/// at 0, and an entry whose offset lies below its captured positions is refused.</remarks>
internal sealed class TopicWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly IKafkaCache _cache;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _ready;
    private TopicState _state = TopicState.Unknown;

    public TopicWatch(IKafkaCache cache, TimeProvider time)
    {
        _cache = cache;
        _ready = cache.WaitUntilReadyAsync(Timeout.InfiniteTimeSpan, _ended.Token);
        _timer = time.CreateTimer(static watch => ((TopicWatch)watch!).Refresh(), this, Interval, Interval);
    }

    /// <summary>Whether the cache has ever been ready. Until then, every read would throw.</summary>
    /// <remarks>The wait for readiness may complete a little after the status has become ready, and the cache may already be stale by then.
    /// So the phase is checked too.</remarks>
    public bool HasBeenReady => _ready.IsCompletedSuccessfully
        || _cache.Status.Phase is CachePhase.Ready or CachePhase.Stale or CachePhase.Rebuilding;

    public TopicState Topic
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return ReferenceEquals(state, TopicState.Unknown) ? Refresh() : state;
        }
    }

    /// <summary>Captures the applied positions. The source must be read after this call.</summary>
    /// <returns>The capture; <see langword="null"/> if the cache can't be read.</returns>
    public Capture? Capture()
    {
        var status = _cache.Status;
        if (status.Phase is not (CachePhase.Ready or CachePhase.Stale or CachePhase.Rebuilding) || status.Partitions.Count == 0)
            return null;
        var topic = Note(TopicState.Of(status));
        var positions = new long[status.Partitions.Count];
        for (var i = 0; i < positions.Length; i++)
            positions[i] = status.Partitions[i].Position;
        return new Capture(new AsOf(topic.TopicId, positions), topic.Rebuilds);
    }

    /// <summary>Whether all records below the given positions have been applied.</summary>
    public bool HasApplied(AsOf positions)
    {
        var partitions = _cache.Status.Partitions;
        for (var i = 0; i < positions.Positions.Length; i++)
        {
            if (positions.Positions[i] > 0 && (i >= partitions.Count || partitions[i].Position < positions.Positions[i]))
                return false;
        }

        return true;
    }

    /// <summary>Whether, to this process's knowledge, the log is still the captured one.</summary>
    public bool IsStill(Capture capture) => Refresh() is var topic && topic.Rebuilds == capture.Rebuilds
        && topic.TopicId == capture.AsOf.TopicId;

    /// <summary>Reads the topic state from the cache's status. This is too expensive for a hit.</summary>
    public TopicState Refresh() => Note(TopicState.Of(_cache.Status));

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Cancel();
        _ended.Dispose();
    }

    // The same instance is kept as long as nothing changes, because entries hold a reference to it.
    private TopicState Note(TopicState seen)
    {
        var known = Volatile.Read(ref _state);
        if (known.IsSameAs(seen))
            return known;
        Volatile.Write(ref _state, seen);
        return seen;
    }
}
