namespace KafkaCaching.Changes;

/// <summary>The pending changes of one watcher. The replay thread adds them, and the watcher takes them.</summary>
internal sealed class ChangeQueue(WatchOverflow overflow, int maxPending, string cache)
{
    private readonly object _gate = new();
    private readonly LinkedList<ChangeItem> _items = new();
    private TaskCompletionSource? _arrived;
    private long _pending;
    private long _resumed;
    private long _held;
    private Func<Exception>? _ended;
    private bool _left;
    private bool _isOverflown;

    public WatchOverflow Overflow => overflow;

    /// <summary>Whether the queue belongs to a watcher, rather than to the cache itself.</summary>
    public bool IsWatchers { get; private init; } = true;

    /// <summary>The number of pending changes. Safe to read from any thread.</summary>
    public long Pending => Volatile.Read(ref _pending);

    /// <summary>Creates a queue for changes that the cache itself needs for a short time.</summary>
    public static ChangeQueue Unbounded(string cache) => new(WatchOverflow.Conflate, int.MaxValue, cache) { IsWatchers = false };

    public void Add(ChangeItem item)
    {
        lock (_gate)
        {
            if (_ended is not null || _left)
                return;
            if (item is ChangeBatch batch && _items.Last?.Value is Conflation conflation)
                Fold_NeedsLock(batch, conflation);
            else
                Append_NeedsLock(item);
            Signal_NeedsLock();
        }
    }

    /// <summary>Adds the changes that a resumed watch begins with, before all others. They don't count towards the limit on pending
    /// changes.</summary>
    public void Resume(ChangeBatch batch)
    {
        lock (_gate)
            _resumed += batch.Count;
        Add(batch);
    }

    /// <summary>Takes the oldest changes, or waits for the next ones if there are none.</summary>
    /// <exception cref="Exception">The cache has ended, or the watcher was too slow.</exception>
    public async ValueTask<ChangeItem> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_items.Count > 0)
                    return TakeFirst_NeedsLock();
                if (_ended is not null)
                    throw _ended();
                _arrived ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes all changes of the generation that the watcher has joined: those before the first difference. Every key that has
    /// changed is included, even if its entry is the same as before, because a scan may have read an entry that the key had in the
    /// meantime.</summary>
    /// <exception cref="WatchOverflowException">The watcher was too slow. Changes are lost, and without them a scan would report entries
    /// twice.</exception>
    public void TakeOfSameGeneration(List<ChangeBatch> taken)
    {
        lock (_gate)
        {
            if (_isOverflown)
                throw _ended!();
            while (_items.First is { Value: not Difference and var item })
            {
                taken.AddRange(BatchesOf(item, withUnchanged: true));
                if (overflow == WatchOverflow.Conflate)
                {
                    TakeFirst_NeedsLock();
                    continue;
                }

                // The watcher has not received these changes yet, so they are still pending.
                _items.RemoveFirst();
                _held += item.Count;
            }
        }
    }

    /// <summary>Called when the watcher receives changes that <see cref="TakeOfSameGeneration"/> has taken.</summary>
    public void ReleaseHeld(int count)
    {
        lock (_gate)
        {
            var released = Math.Min(count, _held);
            _held -= released;
            _pending -= released;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Blocks while a watcher that the replay waits for has too many pending changes. Called on the replay thread.</summary>
    public void WaitForRoom()
    {
        lock (_gate)
        {
            while (_pending > maxPending && _ended is null && !_left)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Ends the queue. The watcher gets the pending changes and then this exception.</summary>
    public void End(Func<Exception> error)
    {
        lock (_gate)
            End_NeedsLock(error);
    }

    /// <summary>Ends the queue, because the watcher takes no more changes.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _left = true;
            _items.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc cref="Conflation.ToBatches"/>
    public static IReadOnlyList<ChangeBatch> BatchesOf(ChangeItem item, bool withUnchanged) =>
        item is Conflation conflation ? conflation.ToBatches(withUnchanged) : [(ChangeBatch)item];

    private ChangeItem TakeFirst_NeedsLock()
    {
        var item = _items.First!.Value;
        _items.RemoveFirst();
        _pending -= item.Count;
        _resumed = Math.Max(0, _resumed - item.Count);
        Monitor.PulseAll(_gate);
        return item;
    }

    private void Append_NeedsLock(ChangeItem item)
    {
        _items.AddLast(item);
        _pending += item.Count;
        if (_pending <= maxPending)
            return;
        if (overflow == WatchOverflow.Conflate)
            FoldAll_NeedsLock();
        else if (overflow == WatchOverflow.Fail && _pending - _resumed > maxPending)
            Fail_NeedsLock();
    }

    private void Fail_NeedsLock()
    {
        _items.Clear();
        (_pending, _held) = (0, 0);
        _isOverflown = true;
        End_NeedsLock(() => new WatchOverflowException(
            $"A watcher of the cache '{cache}' has fallen behind by more than {maxPending:N0} changes. Raise MaxPending, or let changes be "
            + "conflated."));
    }

    // Changes before and after a difference are not combined, because the changes of the difference lie between them.
    private void FoldAll_NeedsLock()
    {
        ChangeItem[] items = [.. _items];
        _items.Clear();
        _pending = 0;
        foreach (var item in items)
        {
            if (item is Difference)
            {
                _items.AddLast(item);
                continue;
            }

            if (_items.Last?.Value is not Conflation conflation)
                _items.AddLast(conflation = item as Conflation ?? new Conflation());
            if (item is ChangeBatch batch)
                conflation.Add(batch);
        }

        foreach (var item in _items)
            _pending += item.Count;
    }

    private void Fold_NeedsLock(ChangeBatch batch, Conflation conflation)
    {
        _pending -= conflation.Count;
        conflation.Add(batch);
        _pending += conflation.Count;
    }

    private void End_NeedsLock(Func<Exception> error)
    {
        _ended ??= error;
        Monitor.PulseAll(_gate);
        Signal_NeedsLock();
    }

    private void Signal_NeedsLock()
    {
        _arrived?.TrySetResult();
        _arrived = null;
    }
}
