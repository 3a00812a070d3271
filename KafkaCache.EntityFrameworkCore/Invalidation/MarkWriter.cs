using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Writes the marks of what has been committed, in the background. Until they are applied here, this process neither reads nor
/// fills results that have their tags, so that a commit need not wait for them. A mark that can't be written does not undo the commit: it
/// is written when the brokers answer again.</summary>
/// <remarks>Commits that follow each other closely share a batch, in which each tag has one mark: a mark covers all commits of its tag that
/// were made before it is written. While the brokers are away, marks wait together in the same way, so that what waits is bounded by the
/// number of tags and not by that of commits.</remarks>
internal sealed class MarkWriter(KafkaHybridCache hybrid, TimeSpan patience, TimeProvider time, ILogger logger, string name)
    : IAsyncDisposable
{
    // The first commit does not wait. Those that follow it wait for this long at most, unless a request waits for them.
    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private MarkBatch _collected = new();
    private MarkBatch _late = new();
    private bool _isPacing;
    private bool _isRetrying;
    private long? _failingSince;
    private int _unwritten;
    private TaskCompletionSource _allWritten = NewAllWritten();

    /// <summary>The tags whose marks are not applied here yet.</summary>
    public UnsettledTags Unsettled { get; } = new();

    /// <summary>For how long no write of marks has succeeded since one failed; zero while they succeed.</summary>
    public TimeSpan Overdue
    {
        get
        {
            lock (_gate)
                return _failingSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>Sees to it that marks are written. When it returns, their tags are unsettled.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="opening">What the commit had opened.</param>
    public void Write(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        if (tags.Count == 0)
        {
            opening?.Close();
            return;
        }

        Unsettled.Add(tags);
        if (Collect(tags, opening) is not { } batch)
            return;
        if (WrittenPositions.IsGathering)
        {
            WrittenPositions.Expect(NotePositionsAsync(batch.Written));
            Send();
        }
        else
        {
            SendSoon();
        }
    }

    /// <summary>Waits until all marks are applied here.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        Send();
        lock (_gate)
            return _unwritten == 0 ? Task.CompletedTask : _allWritten.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the writer, once what is under way is written, or its time is over. What already failed is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        Send();
        Task written;
        lock (_gate)
            written = _isRetrying || _unwritten == 0 ? Task.CompletedTask : _allWritten.Task;
        await written.WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ended.CancelAsync().ConfigureAwait(false);
        _ended.Dispose();
        if (Unsettled.Count is var lost and > 0)
            Log.InvalidationLost(logger, name, lost);
    }

    /// <returns>The batch that the marks are in; <see langword="null"/> if they wait for the brokers.</returns>
    private MarkBatch? Collect(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        lock (_gate)
        {
            if (_isRetrying)
            {
                _late.Add(tags, opening);
                return null;
            }

            if (_collected.IsEmpty)
                Begin_NeedsLock();
            _collected.Add(tags, opening);
            return _collected;
        }
    }

    private void SendSoon()
    {
        lock (_gate)
        {
            if (_isPacing)
                return;
            _isPacing = true;
        }

        // What it writes is of many requests, and belongs to none of them.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(PaceAsync);
    }

    private async Task PaceAsync()
    {
        while (Take(isPacing: true) is { } batch)
        {
            _ = WriteAsync(batch);
            await PauseAsync(BetweenBatches).ConfigureAwait(false);
        }
    }

    /// <summary>Writes at once what is collected.</summary>
    private void Send()
    {
        if (Take(isPacing: false) is { } batch)
            _ = WriteAsync(batch);
    }

    private MarkBatch? Take(bool isPacing)
    {
        lock (_gate)
        {
            if (_collected.IsEmpty)
            {
                _isPacing &= !isPacing;
                return null;
            }

            (var batch, _collected) = (_collected, new MarkBatch());
            return batch;
        }
    }

    private async Task WriteAsync(MarkBatch batch)
    {
        try
        {
            var positions = await hybrid.InvalidateTagsAsync(batch.Tags, _ended.Token).ConfigureAwait(false);
            batch.Complete(Unsettled, positions);
        }
        catch (Exception failed) when (IsOfTheBrokers(failed))
        {
            Log.InvalidationFailed(logger, failed, name);
            batch.Abandon();
            Postpone(batch);
        }
        finally
        {
            End();
        }
    }

    private void Postpone(MarkBatch batch)
    {
        lock (_gate)
        {
            _late.Add(batch);
            _failingSince ??= time.GetTimestamp();
            if (_isRetrying)
                return;
            _isRetrying = true;
            Begin_NeedsLock();
        }

        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(RetryAsync);
    }

    private async Task RetryAsync()
    {
        // What was committed during a write that succeeds is written at once, or a pod that commits all the time would stay late for good.
        var isWritten = false;
        while (isWritten || await PauseAsync(BetweenTries).ConfigureAwait(false))
        {
            if (TakeLate() is { } late)
            {
                isWritten = await WriteLateAsync(late).ConfigureAwait(false);
                continue;
            }

            Log.InvalidationCaughtUp(logger, name);
            End();
            return;
        }
    }

    private MarkBatch? TakeLate()
    {
        lock (_gate)
        {
            (var late, _late) = (_late, new MarkBatch());
            _isRetrying = !late.IsEmpty;
            return _isRetrying ? late : null;
        }
    }

    private async Task<bool> WriteLateAsync(MarkBatch late)
    {
        try
        {
            var positions = await hybrid.InvalidateTagsAsync(late.Tags, _ended.Token).ConfigureAwait(false);
            late.Complete(Unsettled, positions);
            lock (_gate)
                _failingSince = null;
            return true;
        }
        catch (Exception failed) when (IsOfTheBrokers(failed))
        {
            lock (_gate)
            {
                _late.Add(late);
                _failingSince ??= time.GetTimestamp();
            }

            return false;
        }
    }

    private async Task NotePositionsAsync(Task<IReadOnlyList<CachePosition>> writing)
    {
        try
        {
            foreach (var position in await writing.WaitAsync(patience, time).ConfigureAwait(false))
                WrittenPositions.Note(hybrid.Cache.Name, position);
        }
        catch (TimeoutException)
        {
            Log.InvalidationLate(logger, name, patience);
        }
    }

    /// <returns>Whether the writer goes on.</returns>
    private async Task<bool> PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, _ended.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }

    private void Begin_NeedsLock()
    {
        if (_unwritten++ == 0)
            _allWritten = NewAllWritten();
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_unwritten == 0)
                _allWritten.SetResult();
        }
    }

    private static TaskCompletionSource NewAllWritten() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool IsOfTheBrokers(Exception failed) => failed is PutException or KafkaCacheException or OperationCanceledException
        or ObjectDisposedException;
}
