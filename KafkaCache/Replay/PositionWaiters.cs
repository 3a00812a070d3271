using System.Globalization;
using KafkaCaching.Waiting;

namespace KafkaCaching.Replay;

/// <summary>Those who wait until a position is applied. The replay thread looks in once a batch, which costs one read while nobody waits.</summary>
internal sealed class PositionWaiters
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, PriorityQueue<Completion<bool>, long>> _byPartition = [];
    private int _waiting;
    private Positions? _followed;
    private Exception? _ended;

    /// <summary>From now on waits go by these positions. Those who wait by other ones fail: their offsets have lost their meaning.</summary>
    public void Follow(Positions positions, Exception changed)
    {
        lock (_gate)
        {
            if (_followed == positions)
                return;
            _followed = positions;
            FailAll_NeedsLock(changed);
        }
    }

    /// <summary>A completion that ends when the positions followed have passed this one, or waiting has ended. Only once some are followed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The topic has no such partition.</exception>
    public Completion<bool> Add(CachePosition position)
    {
        var waiter = new Completion<bool>();
        lock (_gate)
        {
            if (_ended is not null)
            {
                waiter.TryFail(_ended);
                return waiter;
            }

            var positions = _followed!;
            if (position.Partition < 0 || position.Partition >= positions.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(position), position.Partition, string.Create(CultureInfo.InvariantCulture, $"The topic has partitions 0 to {positions.Count - 1}."));
            }

            // The race with Release: it publishes the positions, then reads the number waiting; this raises the number, then reads the
            // position. Each has a full fence between its two steps, so at least one of them sees the other.
            Interlocked.Increment(ref _waiting);
            if (positions[position.Partition].Position > position.Offset)
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

    /// <summary>Takes out one whose caller no longer waits.</summary>
    public void Abandon(int partition, Completion<bool> waiter)
    {
        lock (_gate)
        {
            if (_byPartition.TryGetValue(partition, out var queue) && queue.Remove(waiter, out _, out _))
                Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Replay thread, once a batch, after the positions are published. Positions that are not followed release nobody.</summary>
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
                while (queue.TryPeek(out var waiter, out var offset) && positions[partition].Position > offset)
                {
                    queue.Dequeue();
                    Interlocked.Decrement(ref _waiting);
                    waiter.TrySet(true);
                }
            }
        }
    }

    /// <summary>Fails everyone who waits now; later waits go on.</summary>
    public void FailAll(Exception error)
    {
        lock (_gate)
            FailAll_NeedsLock(error);
    }

    /// <summary>Fails everyone who waits, now and from now on.</summary>
    public void End(Exception error)
    {
        lock (_gate)
        {
            _ended = error;
            FailAll_NeedsLock(error);
        }
    }

    private void FailAll_NeedsLock(Exception error)
    {
        foreach (var queue in _byPartition.Values)
        {
            while (queue.TryDequeue(out var waiter, out _))
            {
                Interlocked.Decrement(ref _waiting);
                waiter.TryFail(error);
            }
        }
    }
}
