using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Hybrid;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Writes the marks of committed changes in the background. Until the marks are applied here, this process neither serves nor
/// stores results that have the marked tags, so a commit need not wait for the marks. A mark that can't be written does not undo the
/// commit: the write is retried until it succeeds or this writer is disposed of.</summary>
/// <remarks>Each tag is written separately, so that a partition without a leader does not delay the others. The number of waiting marks is
/// limited by the number of tags, not by the number of commits.</remarks>
internal sealed class MarkWriter(KafkaHybridCache hybrid, TimeSpan patience, TimeProvider time, ILogger logger, string name)
    : IAsyncDisposable
{
    // Commits in quick succession share requests to the brokers. The first one is sent without delay, and so is a commit whose HTTP
    // response waits for the positions of the marks. The delay uses the system's clock even in tests, because it only affects the load.
    private static readonly TimeSpan BetweenSends = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _closings = [];
    private List<PendingMark> _queue = [];
    private bool _isPacing;
    private int _failing;
    private long _failingSince;

    /// <summary>The tags whose marks have not been applied here yet.</summary>
    public UnsettledTags Unsettled { get; } = new();

    /// <summary>The longest time for which the mark of a tag could not be written; zero if the last attempt for each tag
    /// succeeded.</summary>
    public TimeSpan Overdue
    {
        get
        {
            lock (_gate)
                return _failing > 0 ? time.GetElapsedTime(_failingSince) : TimeSpan.Zero;
        }
    }

    /// <summary>Starts writing marks. When this method returns, their tags are unsettled.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="opening">The opening of the commit. It is closed when the marks have been written: if it were closed earlier, another
    /// process could serve results that the marks invalidate.</param>
    public void Write(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        var applied = Queue(tags, out var areFailing);
        if (opening is not null)
            CloseAfter(applied, opening);
        if (!WrittenPositions.IsGathering)
        {
            SendSoon();
            return;
        }

        // An HTTP response does not wait for brokers that are known to be unavailable.
        if (!areFailing)
            WrittenPositions.Expect(NotePositionsAsync(applied));
        Send();
    }

    /// <summary>Waits until the marks of all commits so far are applied here and the openings of those commits are closed.</summary>
    /// <exception cref="ObjectDisposedException">The cache was disposed of first.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Send();
        await AppliedAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        await ClosedAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits, for at most <c>InvalidationTimeout</c>, until all marks are applied and their openings are closed. Writes that have
    /// failed are attempted one last time. Then ends the writer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        Send();
        await EndedAsync().WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ended.CancelAsync().ConfigureAwait(false);
        if (CountUnapplied() is var lost and > 0)
            Log.InvalidationLost(logger, name, lost);
        _ending.Dispose();
        _ended.Dispose();
    }

    /// <returns>For each tag, a task that completes when its mark is applied here.</returns>
    private Task<CachePosition>[] Queue(IReadOnlyCollection<string> tags, out bool areFailing)
    {
        var applied = new Task<CachePosition>[tags.Count];
        var next = 0;
        areFailing = false;
        lock (_gate)
        {
            foreach (var tag in tags)
            {
                var mark = Unsettled.Add(tag);
                if (mark.Want())
                    _queue.Add(mark);
                areFailing |= mark.IsFailing;
                applied[next++] = mark.Applied;
            }
        }

        return applied;
    }

    private Task<CachePosition[]> AppliedAsync()
    {
        lock (_gate)
            return Task.WhenAll([.. Unsettled.Marks.Select(static mark => mark.Applied)]);
    }

    // A tag whose mark has just been applied may remain unsettled until the thread that wrote the mark continues.
    private int CountUnapplied()
    {
        lock (_gate)
            return Unsettled.Marks.Count(static mark => !mark.Applied.IsCompletedSuccessfully);
    }

    private async Task EndedAsync()
    {
        await ((Task)AppliedAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ClosedAsync().ConfigureAwait(false);
    }

    private Task ClosedAsync()
    {
        lock (_gate)
            return Task.WhenAll(_closings);
    }

    private void CloseAfter(Task<CachePosition>[] applied, HybridOpening opening)
    {
        var closing = CloseAsync(applied, opening);
        lock (_gate)
            _closings.Add(closing);
        _ = closing.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        void Forget(Task closed)
        {
            lock (_gate)
                _closings.Remove(closed);
        }
    }

    private static async Task CloseAsync(Task<CachePosition>[] applied, HybridOpening opening)
    {
        var marks = Task.WhenAll(applied);
        await ((Task)marks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // If a mark could not be written, the opening is not closed. When this process has ended and no longer renews its openings, the
        // other processes write the marks.
        if (marks.IsCompletedSuccessfully)
            await opening.CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void SendSoon()
    {
        lock (_gate)
        {
            if (_isPacing || _queue.Count == 0)
                return;
            _isPacing = true;
        }

        // The background task writes the marks of many requests, so it must not run in the execution context of one of them.
        _ = Detached.Start(() => Task.Run(PaceAsync));
    }

    private async Task PaceAsync()
    {
        while (Send(isPacing: true))
            await Task.Delay(BetweenSends, TimeProvider.System).ConfigureAwait(false);
    }

    private bool Send(bool isPacing = false)
    {
        List<PendingMark> queue;
        lock (_gate)
        {
            if (_queue.Count == 0)
            {
                _isPacing &= !isPacing;
                return false;
            }

            (queue, _queue) = (_queue, []);
        }

        foreach (var mark in queue)
            _ = Detached.Start(() => WriteAsync(mark));

        return true;
    }

    private async Task WriteAsync(PendingMark mark)
    {
        var isApplied = false;
        while (TryBegin(mark, isApplied) is { } outcome)
        {
            try
            {
                outcome.SetResult(await PutAsync(mark).ConfigureAwait(false));
                isApplied = true;
            }
            catch (ObjectDisposedException ended)
            {
                // The tag remains unsettled. The exception is observed here, because no caller may be waiting for the task.
                outcome.SetException(ended);
                _ = outcome.Task.Exception;
                isApplied = false;
            }
        }
    }

    private TaskCompletionSource<CachePosition>? TryBegin(PendingMark mark, bool isApplied)
    {
        lock (_gate)
        {
            var outcome = mark.TryBegin();
            if (outcome is null && isApplied)
                Unsettled.Settle(mark);
            return outcome;
        }
    }

    /// <returns>The position of the mark, once it is applied here.</returns>
    /// <exception cref="ObjectDisposedException">The writer has ended.</exception>
    private async Task<CachePosition> PutAsync(PendingMark mark)
    {
        while (true)
        {
            var isLast = _ending.IsCancellationRequested;
            try
            {
                var position = await hybrid.InvalidateTagAsync(mark.Tag, _ended.Token).ConfigureAwait(false);
                Note(mark, failure: null);
                return position;
            }
            catch (Exception failure)
            {
                // Every exception is caught and logged. Otherwise other processes could serve outdated results without any sign of the
                // cause.
                Note(mark, failure);
                ObjectDisposedException.ThrowIf(isLast, this);
            }

            await PauseAsync().ConfigureAwait(false);
        }
    }

    private void Note(PendingMark mark, Exception? failure)
    {
        int failing;
        lock (_gate)
        {
            if (mark.IsFailing == failure is not null)
                return;
            mark.IsFailing = failure is not null;
            failing = _failing += mark.IsFailing ? 1 : -1;
            if (mark.IsFailing && failing == 1)
                _failingSince = time.GetTimestamp();
        }

        if (failure is null && failing == 0)
            Log.InvalidationCaughtUp(logger, name);
        else if (failure is not null && failing == 1)
            Log.InvalidationFailed(logger, failure, name);
    }

    private async Task NotePositionsAsync(Task<CachePosition>[] applied)
    {
        try
        {
            foreach (var position in await Task.WhenAll(applied).WaitAsync(patience, time).ConfigureAwait(false))
                WrittenPositions.Note(hybrid.Cache.Name, position);
        }
        catch (Exception late) when (late is TimeoutException or ObjectDisposedException)
        {
            Log.InvalidationLate(logger, name, patience);
        }
    }

    // Disposing of the writer also ends the pause, so that a last attempt can follow.
    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(BetweenTries, time, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception ending) when (ending is OperationCanceledException or ObjectDisposedException)
        {
            // The writer is being disposed, so the last attempt follows immediately.
        }
    }
}
