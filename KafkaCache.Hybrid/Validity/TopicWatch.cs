namespace KafkaCaching.Hybrid.Validity;

/// <summary>Tracks which topic the serving generation serves, and how much of it has been applied.</summary>
/// <remarks>Getting a status is too expensive for a hit, so hits use the topic as the last capture or refresh found it, at most about a
/// second ago. A topic that was recreated within that second is still noticed: its offsets begin at 0, and an entry whose offset lies below
/// its own positions is refused.</remarks>
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

    /// <summary>Whether the cache has been ready once. Before that, every read would throw.</summary>
    /// <remarks>On a busy machine, the wait may end a little later than the status changes. By then the cache may be stale.</remarks>
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

    /// <summary>Captures the positions that have been applied, for a source that is read after this call.</summary>
    /// <returns>The capture; <see langword="null"/> if the cache can't be read, so nothing is known.</returns>
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

    /// <summary>Whether all records below some positions of this log have been applied.</summary>
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

    /// <summary>Asks the cache which topic it serves now. This is too expensive for a hit.</summary>
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
