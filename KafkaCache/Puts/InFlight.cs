using KafkaCaching.Waiting;

namespace KafkaCaching.Puts;

/// <summary>Tracks the puts that have no outcome yet, so that Dispose can settle all of them. One timer serves all puts, because a timer
/// for each put would cost more than everything else that this class does.</summary>
internal sealed class InFlight : IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<PendingPut> _puts = [];
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;

    /// <param name="limit">The time after which a put without a delivery report is settled here, with an unknown outcome. It is longer than
    /// the time after which the client itself gives up the put.</param>
    /// <param name="time">The clock.</param>
    public InFlight(TimeSpan limit, TimeProvider time)
    {
        _limit = limit;
        _time = time;
        _sweeper = Detached.Start(
            () => time.CreateTimer(static self => ((InFlight)self!).Sweep(), this, SweepInterval, SweepInterval));
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

    /// <summary>Returns the oldest put in flight; <see langword="null"/> if none is in flight.</summary>
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

    private void Sweep()
    {
        while (Oldest() is { } put && _time.GetElapsedTime(put.HandedOver) >= _limit)
            put.Settle(PendingPut.Unanswered(cause: null));
    }
}
