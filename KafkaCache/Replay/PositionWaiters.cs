using KafkaCaching.Waiting;

namespace KafkaCaching.Replay;

/// <summary>Callers that wait until a position has been applied. The replay thread checks for them once per batch. While there are none,
/// this costs one read.</summary>
internal sealed class PositionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, PriorityQueue<Completion<bool>, long>> _byPartition = [];
    private int _waiting;
    private Positions? _followed;
    private Func<Exception>? _ended;

    /// <summary>Makes all waiters wait for these positions from now on, including waiters that were added since the previous positions were
    /// given up.</summary>
    public void Follow(Positions positions)
    {
        lock (_gate)
            _followed = positions;
    }

    /// <summary>Gives up the current positions, because they do not apply to the log as it is now, and fails all waiters. A waiter that is
    /// added later waits for an offset of the current log, so it must wait for the next positions. Those that were given up may be far
    /// beyond its offset, but in a log that no longer exists.</summary>
    public void GiveUp(Func<Exception> changed)
    {
        lock (_gate)
        {
            _followed = null;
            FailAll_NeedsLock(changed);
        }
    }

    /// <summary>Adds a waiter: a completion that is set when the replay has passed this position, or that fails when waiting ends. The
    /// partition may have just been added to the topic, and may not be replayed yet.</summary>
    public Completion<bool> Add(CachePosition position)
    {
        var waiter = new Completion<bool>();
        lock (_gate)
        {
            if (_ended is not null)
            {
                waiter.TryFail(_ended());
                return waiter;
            }

            var positions = _followed;

            // This handles the race with Release. The replay thread publishes the positions and then reads the number of waiters. This
            // method increments that number and then reads the position. Each has a full fence between its two steps, so at least one of
            // them sees the other's write.
            Interlocked.Increment(ref _waiting);
            if (positions is not null && HasPassed(positions, position.Partition, position.Offset))
            {
                Interlocked.Decrement(ref _waiting);
                waiter.TrySet(true);
                return waiter;
            }

            if (!_byPartition.TryGetValue(position.Partition, out var queue))
                _byPartition.Add(position.Partition, queue = new PriorityQueue<Completion<bool>, long>());
            queue.Enqueue(waiter, position.Offset);
        }

        return waiter;
    }

    /// <summary>Removes a waiter whose caller no longer waits.</summary>
    public void Abandon(int partition, Completion<bool> waiter)
    {
        lock (_gate)
        {
            if (!_byPartition.TryGetValue(partition, out var queue) || !queue.Remove(waiter, out _, out _))
                return;
            Interlocked.Decrement(ref _waiting);

            // Otherwise, waits for partitions that don't exist would leave their queues behind.
            if (queue.Count == 0)
                _byPartition.Remove(partition);
        }
    }

    /// <summary>Releases the waiters whose positions have been reached. Called on the replay thread after the positions are published.
    /// Positions other than the current ones release no waiter.</summary>
    public void Release(Positions positions)
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 0)
            return;
        lock (_gate)
        {
            if (positions != _followed)
                return;
            foreach (var (partition, queue) in _byPartition)
            {
                while (queue.TryPeek(out var waiter, out var offset) && HasPassed(positions, partition, offset))
                {
                    queue.Dequeue();
                    Interlocked.Decrement(ref _waiting);
                    waiter.TrySet(true);
                }
            }
        }
    }

    /// <summary>Fails all present and future waiters. Each gets a separate exception, because an exception that is thrown repeatedly
    /// accumulates the stack trace of every throw.</summary>
    public void End(Func<Exception> error)
    {
        lock (_gate)
        {
            _ended = error;
            FailAll_NeedsLock(error);
        }
    }

    private static bool HasPassed(Positions positions, int partition, long offset) =>
        partition < positions.Count && positions[partition].Position > offset;

    private void FailAll_NeedsLock(Func<Exception> error)
    {
        foreach (var queue in _byPartition.Values)
            FailAll_NeedsLock(queue, error);
    }

    private void FailAll_NeedsLock(PriorityQueue<Completion<bool>, long> queue, Func<Exception> error)
    {
        while (queue.TryDequeue(out var waiter, out _))
        {
            Interlocked.Decrement(ref _waiting);
            waiter.TryFail(error());
        }
    }
}
