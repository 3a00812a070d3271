namespace KafkaCaching.Changes;

/// <summary>Passes the changes of the serving generation to the watchers, once per batch.</summary>
/// <remarks>Watchers join between two batches, so that the content at that moment and the later changes are consistent. The lock is held
/// only briefly, and never while records are applied, because a resolver may never return, and callers must not wait for it
/// forever.</remarks>
internal sealed class ChangeFeed(string cache)
{
    private readonly Lock _gate = new();
    private readonly List<Subscription> _joined = [];
    private readonly List<Subscription> _joining = [];
    private ChangeQueue[] _waitedFor = [];
    private RecentChanges? _recent;
    private IWatchable? _serving;
    private TaskCompletionSource? _between;
    private Func<Exception>? _ended;
    private bool _isApplying;
    private bool _isUnsettled;
    private int _watchers;

    public string Cache => cache;

    /// <summary>The number of watchers. Safe to read from any thread.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>The number of pending changes of the slowest watcher. Safe to read from any thread.</summary>
    public long PendingChanges
    {
        get
        {
            lock (_gate)
                return _joined.Select(static subscription => subscription.Queue.Pending).DefaultIfEmpty().Max();
        }
    }

    /// <summary>Called on the replay thread before records are applied.</summary>
    public void BeginBatch()
    {
        lock (_gate)
            _isApplying = true;
    }

    /// <summary>Called on the replay thread when the records have been applied and their positions published.</summary>
    public void EndBatch()
    {
        lock (_gate)
        {
            _isApplying = false;
            HandOver_NeedsLock();
            if (_isUnsettled && _serving is not null)
                Settle_NeedsLock();
            _between?.TrySetResult();
            _between = null;
        }

        foreach (var queue in _waitedFor)
            queue.WaitForRoom();
    }

    /// <summary>Makes a generation the serving one. Called on the replay thread, between batches.</summary>
    /// <param name="swap">Makes the generation visible to readers.</param>
    /// <param name="next">The generation.</param>
    public void Serve(Action swap, IWatchable next)
    {
        lock (_gate)
        {
            swap();
            var previous = _serving;
            _serving = next;
            if (_recent is not null)
                _recent = new RecentChanges(next.Positions.Snapshot());
            if (previous is not null && _joined.Count > 0)
                SendDifference_NeedsLock(previous, next);
            Settle_NeedsLock();
        }
    }

    /// <summary>Called on the replay thread, between batches, when the serving generation has all its entries in memory.</summary>
    public void Loaded()
    {
        lock (_gate)
            Settle_NeedsLock();
    }

    /// <summary>Lets a watcher join between two batches, once all entries are in memory.</summary>
    /// <returns>A task that completes when the watcher has joined, or fails with the exception that ended the cache.</returns>
    public Task JoinAsync(Subscription subscription)
    {
        lock (_gate)
        {
            if (_ended is not null)
                subscription.Fail(_ended());
            else
                _joining.Add(subscription);
            Settle_NeedsLock();
        }

        return subscription.Joined;
    }

    /// <summary>Ends a watch, whether it has joined or not.</summary>
    public void Leave(Subscription subscription)
    {
        lock (_gate)
        {
            _joining.Remove(subscription);
            _joined.Remove(subscription);
            Settle_NeedsLock();
        }

        subscription.Queue.Leave();
        subscription.ReleaseContent();
    }

    /// <summary>Returns a task that completes as soon as no batch is being applied.</summary>
    public Task BetweenBatchesAsync()
    {
        lock (_gate)
        {
            if (_ended is not null)
                return Task.FromException(_ended());
            if (!_isApplying)
                return Task.CompletedTask;
            _between ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _between.Task;
        }
    }

    /// <summary>Ends every watch, including those that begin later. Each receives a separate exception.</summary>
    public void End(Func<Exception> error)
    {
        lock (_gate)
        {
            _ended ??= error;
            foreach (var subscription in _joined)
                subscription.Queue.End(error);
            foreach (var subscription in _joining)
                subscription.Fail(error());
            _joining.Clear();
            _between?.TrySetException(error());
        }
    }

    private void HandOver_NeedsLock()
    {
        if (_serving is not { Writes: { } writes })
            return;
        ChangeBatch? last = null;
        var areOfLog = true;
        while (writes.TryTakeChanges(out var batch))
        {
            Send_NeedsLock(last);
            last = batch;
            areOfLog &= batch.IsOfLog;
        }

        if (_recent is null || areOfLog)
            Send_NeedsLock(last);
        else
            SendAndRestartRecent_NeedsLock(last!, _serving.Positions.Snapshot());
    }

    private void Send_NeedsLock(ChangeBatch? batch)
    {
        if (batch is null)
            return;
        _recent?.Add(batch);
        foreach (var subscription in _joined)
            subscription.Queue.Add(batch);
    }

    // The positions are those after all the changes that are sent here, so they apply after the last of them.
    private void SendAndRestartRecent_NeedsLock(ChangeBatch last, long[] positions)
    {
        var recent = new RecentChanges(positions);
        last.CursorsAfter = new CursorStart(recent.Id, positions);
        Send_NeedsLock(last);
        _recent = recent;
    }

    private void Join_NeedsLock(Subscription subscription)
    {
        var content = _serving!;
        if (subscription.KeepsRecent)
            _recent ??= new RecentChanges(content.Positions.Snapshot());
        var resumesAfter = subscription.ResumeAfter is { } cursor && _recent!.Covers(cursor) ? cursor : null;
        if (resumesAfter is not null)
        {
            // The changes that the watcher has seen must not be conflated with those that it has not seen.
            foreach (var batch in _recent!.Batches.Select(batch => batch.After(resumesAfter)).Where(static rest => rest.Count > 0))
                subscription.Queue.Resume(batch);
        }

        subscription.Join(content, _recent?.Id, resumesAfter);
        _joined.Add(subscription);
    }

    // Computing the difference also requires the successor's changes from this moment on.
    private void SendDifference_NeedsLock(IWatchable previous, IWatchable next)
    {
        var own = new Subscription(ChangeQueue.Unbounded(cache));
        var difference = Difference.Begin(previous, next, _recent?.Id, own, this);
        foreach (var subscription in _joined)
            subscription.Queue.Add(difference);
        Join_NeedsLock(own);
    }

    // Watchers join and leave only between batches, because the store is being written to while a batch is applied.
    private void Settle_NeedsLock()
    {
        _isUnsettled = _isApplying || _serving is not { IsLoaded: true };
        if (_isUnsettled)
            return;
        foreach (var subscription in _joining)
            Join_NeedsLock(subscription);
        _joining.Clear();
        Volatile.Write(ref _watchers, _joined.Count(static subscription => subscription.Queue.IsWatchers));
        _waitedFor = [.. _joined.Select(static one => one.Queue).Where(static queue => queue.Overflow == WatchOverflow.Wait)];
        _serving!.Writes.Capture(_joined.Count > 0 || _recent is not null);
        _serving.Store.Observer = _serving.Writes.IsNeeded ? _serving.Writes : null;
    }
}
