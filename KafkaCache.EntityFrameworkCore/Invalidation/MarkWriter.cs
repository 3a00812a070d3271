using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Writes the marks of what has been committed, in the background. Until they are applied here, this process neither reads nor
/// fills results that have their tags, so that a commit need not wait for them. A mark that can't be written does not undo the commit: it
/// is written when the brokers answer again.</summary>
/// <remarks>While the brokers are away, marks wait together, each tag once, so that what waits is bounded by the number of tags and not by
/// that of commits. A mark that is written later than another of the same tag covers both.</remarks>
internal sealed class MarkWriter(KafkaHybridCache hybrid, TimeSpan patience, TimeProvider time, ILogger logger, string name)
    : IAsyncDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private Late _late = new();
    private bool _isRetrying;
    private int _underWay;
    private TaskCompletionSource _written = NewWritten();

    /// <summary>The tags whose marks are not applied here yet.</summary>
    public UnsettledTags Unsettled { get; } = new();

    /// <summary>Begins to write marks. When it returns, their tags are unsettled.</summary>
    /// <param name="tags">The tags.</param>
    /// <param name="opening">What the commit had opened. It is closed when the marks are written: if the tags were closed before, another
    /// process could serve what they invalidate.</param>
    public void Write(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        if (tags.Count == 0)
        {
            opening?.Close();
            return;
        }

        Unsettled.Add(tags);
        if (IsLate(tags, opening))
            return;
        var writing = TryWriteAsync(tags, opening);
        if (!writing.IsCompleted && WrittenPositions.IsGathering)
            WrittenPositions.Expect(WithPatienceAsync(writing));
    }

    /// <summary>Waits until all marks are applied here.</summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _underWay == 0 ? Task.CompletedTask : _written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the writer, once what is under way is written, or its time is over. What already failed is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        Task written;
        lock (_gate)
            written = _isRetrying || _underWay == 0 ? Task.CompletedTask : _written.Task;
        await written.WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _ended.CancelAsync().ConfigureAwait(false);
        _ended.Dispose();
        if (Unsettled.Count is var lost and > 0)
            Log.InvalidationLost(logger, name, lost);
    }

    private async Task WithPatienceAsync(Task writing)
    {
        try
        {
            await writing.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.InvalidationLate(logger, name, patience);
        }
    }

    // While earlier marks wait for the brokers, a commit needn't find out once more that they are away.
    private bool IsLate(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        lock (_gate)
        {
            if (_isRetrying)
                _late.Add(tags, opening);
            else
                Begin_NeedsLock();
            return _isRetrying;
        }
    }

    private async Task TryWriteAsync(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        try
        {
            await hybrid.RemoveByTagAsync(tags, _ended.Token).ConfigureAwait(false);
            Unsettled.Settle(tags);
            opening?.Close();
        }
        catch (Exception failed) when (IsOfTheBrokers(failed))
        {
            Log.InvalidationFailed(logger, failed, name);
            Postpone(tags, opening);
        }
        finally
        {
            End();
        }
    }

    private void Postpone(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        lock (_gate)
        {
            _late.Add(tags, opening);
            if (_isRetrying)
                return;
            _isRetrying = true;
            Begin_NeedsLock();
        }

        // What it writes is of many requests, and belongs to none of them.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(RetryAsync);
    }

    private async Task RetryAsync()
    {
        while (true)
        {
            try
            {
                await Task.Delay(BetweenTries, time, _ended.Token).ConfigureAwait(false);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            Late late;
            lock (_gate)
            {
                (late, _late) = (_late, new Late());
                _isRetrying = late.CommitsByTag.Count > 0;
                if (!_isRetrying)
                    break;
            }

            await WriteLateAsync(late).ConfigureAwait(false);
        }

        Log.InvalidationCaughtUp(logger, name);
        End();
    }

    private async Task WriteLateAsync(Late late)
    {
        try
        {
            await hybrid.RemoveByTagAsync(late.CommitsByTag.Keys, _ended.Token).ConfigureAwait(false);
            Unsettled.Settle(late.CommitsByTag);
            late.Openings.ForEach(static opening => opening.Close());
        }
        catch (Exception failed) when (IsOfTheBrokers(failed))
        {
            lock (_gate)
                _late.Add(late);
        }
    }

    private void Begin_NeedsLock()
    {
        if (_underWay++ == 0)
            _written = NewWritten();
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_underWay == 0)
                _written.SetResult();
        }
    }

    private static TaskCompletionSource NewWritten() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static bool IsOfTheBrokers(Exception failed) => failed is PutException or KafkaCacheException or OperationCanceledException
        or ObjectDisposedException;

    /// <summary>What waits for the brokers.</summary>
    private sealed class Late
    {
        public Dictionary<string, int> CommitsByTag { get; } = new(StringComparer.Ordinal);

        public List<HybridOpening> Openings { get; } = [];

        public void Add(IReadOnlyCollection<string> tags, HybridOpening? opening)
        {
            foreach (var tag in tags)
                CommitsByTag[tag] = CommitsByTag.GetValueOrDefault(tag) + 1;
            if (opening is not null)
                Openings.Add(opening);
        }

        public void Add(Late other)
        {
            foreach (var (tag, commits) in other.CommitsByTag)
                CommitsByTag[tag] = CommitsByTag.GetValueOrDefault(tag) + commits;
            Openings.AddRange(other.Openings);
        }
    }
}
