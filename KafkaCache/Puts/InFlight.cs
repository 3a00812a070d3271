namespace KafkaCaching.Puts;

/// <summary>The puts whose outcome is open, so that Dispose can answer every one, and one clock for all of them: a timer for each put would
/// cost it more than the rest of what is done here.</summary>
internal sealed class InFlight : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<PendingPut> _puts = [];
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;

    /// <param name="limit">When a put is answered though the broker has not: some time after the client should have given it up by
    /// itself.</param>
    /// <param name="time">The clock.</param>
    public InFlight(TimeSpan limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
        if (ExecutionContext.IsFlowSuppressed())
        {
            _sweeper = MakeSweeper();
            return;
        }

        // Outside the context of whoever makes the cache, which the timer would keep alive.
        using (ExecutionContext.SuppressFlow())
            _sweeper = MakeSweeper();
    }

    public void Add(PendingPut put)
    {
        lock (_gate)
        {
            put.HandedOver = _time.GetTimestamp();
            put.Node = _puts.AddLast(put);
        }
    }

    public void Remove(PendingPut put)
    {
        lock (_gate)
        {
            if (put.Node is not { List: not null } node)
                return;
            _puts.Remove(node);
            put.Node = null;
        }
    }

    /// <summary>The put that was handed over first of all that are in flight; <see langword="null"/> when none is.</summary>
    public PendingPut? Oldest()
    {
        lock (_gate)
            return _puts.First?.Value;
    }

    public PendingPut[] All()
    {
        lock (_gate)
            return [.. _puts];
    }

    public void Dispose() => _sweeper.Dispose();

    private ITimer MakeSweeper() => _time.CreateTimer(static self => ((InFlight)self!).Sweep(), this, SweepInterval, SweepInterval);

    private void Sweep()
    {
        while (Oldest() is { } put && _time.GetElapsedTime(put.HandedOver) >= _limit)
            put.Settle(PendingPut.Unanswered(cause: null));
    }
}
