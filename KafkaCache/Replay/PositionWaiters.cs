using KafkaCaching.Waiting;

namespace KafkaCaching.Replay;

/// <summary>The waiters for positions to be applied. The replay thread checks once per batch, which costs one read while there are no
/// waiters.</summary>
internal sealed class PositionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, PriorityQueue<Completion<bool>, long>> _byPartition = [];
    private int _waiting;
    private Positions? _followed;
    private Func<Exception>? _ended;

    /// <summary>Makes all waiters follow these positions from now on, including waiters that were added since the previous positions were
    /// given up.</summary>
    public void Follow(Positions positions)
    {
        lock (_gate)
            _followed = positions;
    }

    /// <summary>Gives up the positions that are followed, because they do not apply to the log as it is now, and fails all waiters. A
    /// waiter that is added later waits for an offset of the current log, so it must follow the next positions: those given up may be far
    /// beyond its offset, in a log that no longer exists.</summary>
    public void GiveUp(Func<Exception> changed)
    {
        lock (_gate)
        {
            _followed = null;
            FailAll_NeedsLock(changed);
        }
    }

    /// <summary>Adds a waiter: a completion that ends when the positions followed have passed this position, or when waiting has ended. The
    /// partition may be one that was just added to the topic and that is not followed yet.</summary>
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
            // method raises that number and then reads the position. Each has a full fence between its two steps, so at least one of them
            // sees the other.
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

            // Waits for partitions that don't exist must not leave their queues behind.
            if (queue.Count == 0)
                _byPartition.Remove(partition);
        }
    }

    /// <summary>Releases the waiters whose positions have been reached. Called on the replay thread after the positions are published.
    /// Positions that are not followed release no waiter.</summary>
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

    /// <summary>Fails all present and future waiters, each with a separate exception: an exception that is thrown repeatedly accumulates
    /// the stack of every throw.</summary>
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
