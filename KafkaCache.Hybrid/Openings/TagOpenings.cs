using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>The tags that this process has open. One record, under a key that only this process writes, has all of them, so that two
/// commits that have a tag open each count, and the commits of a moment share a write.</summary>
/// <remarks>
/// <para>The record is renewed while a tag is open. When others have seen none for its lease, they put the marks of its tags and end it
/// (<see cref="DeadWriters"/>). So a commit goes on only if the record was written lately, by this process's own clock, and none has ended
/// it. A process that is frozen for longer than the lease finds that when it wakes, and opens its tags again. It can't find that between
/// its last look and its commit; then its own marks come after the commit all the same.</para>
/// <para>An end names the number of the record that it ends. The next record of a process that lives after all has a higher one, and is not
/// ended by it, however late the end is written.</para>
/// </remarks>
internal sealed class TagOpenings : IDisposable
{
    // The record is renewed three times in a lease, and counts for two thirds of it.
    private const int RenewalsInLease = 3;

    // An opening that nobody closes, because code threw between it and its commit, is ended after this many leases.
    private const int MostLeases = 10;

    // More tags than these count as all tags.
    private const int MostTags = 5_000;
    private const int MostCharacters = 400_000;

    private readonly IKafkaCache<string, StoredRecord> _cache;
    private readonly TopicWatch _watch;
    private readonly PutMarks _marks;
    private readonly TimeProvider _time;
    private readonly PutOptions _put;
    private readonly ITimer _renewal;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Opening> _open = [];
    private TaskCompletionSource _next = NewNext();
    private Written _written = Written.Nothing;
    private long _number;
    private bool _isWanted;
    private bool _isWriting;

    public TagOpenings(
        IKafkaCache<string, StoredRecord> cache, TopicWatch watch, PutMarks marks, Lifetimes lifetimes, TimeProvider time)
    {
        (_cache, _watch, _marks, _time) = (cache, watch, marks, time);
        _put = new PutOptions { TimeToLive = lifetimes.OfMarks };
        _renewal = time.CreateTimer(
            static openings => ((TagOpenings)openings!).Renew(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The key by which other processes know this one.</summary>
    public TagWriter Self { get; } = new($"{Guid.NewGuid():N}");

    /// <summary>Whether the last record says what is open now.</summary>
    public bool IsWritten
    {
        get
        {
            lock (_gate)
                return !_isWanted && !_isWriting;
        }
    }

    /// <summary>Opens tags. When the task has ended, they are in the log.</summary>
    /// <param name="tagMarks">The keys of the marks of the tags.</param>
    /// <param name="lease">How long others wait for a sign of life.</param>
    /// <param name="cancellationToken">Ends the wait, and takes the opening back.</param>
    /// <exception cref="PutException">They could not be written.</exception>
    public async Task<Opening> OpenAsync(string[] tagMarks, TimeSpan lease, CancellationToken cancellationToken)
    {
        var opening = new Opening(tagMarks, lease, _time.GetTimestamp());
        var renewal = lease / RenewalsInLease;
        lock (_gate)
        {
            _open.Add(opening);
            _renewal.Change(renewal, renewal);
        }

        try
        {
            do
                await WriteAsync(cancellationToken).ConfigureAwait(false);
            while (!IsInForce(opening));
            return opening;
        }
        catch
        {
            _ = CloseAsync(opening);
            throw;
        }
    }

    /// <summary>Sees to it that an opening is in force, for a commit that follows at once.</summary>
    /// <exception cref="PutException">It is not, and could not be written again.</exception>
    public async Task RequireAsync(Opening opening, CancellationToken cancellationToken)
    {
        while (!IsInForce(opening))
        {
            OpenAgain(opening);
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes tags whose marks have been put, or whose commit did not happen. The record is written in the background.</summary>
    /// <returns>A task that ends when it is written. Nobody needs to observe its failure.</returns>
    public Task CloseAsync(Opening opening)
    {
        lock (_gate)
        {
            if (!_open.Remove(opening))
                return Task.CompletedTask;
        }

        return Write();
    }

    public void Dispose()
    {
        _renewal.Dispose();
        _ended.Cancel();
        TaskCompletionSource next;
        lock (_gate)
            next = _next;
        Fail(next, new ObjectDisposedException(nameof(KafkaHybridCache)));
        _ended.Dispose();
    }

    /// <summary>The openings that have been open for so long that nobody will close them.</summary>
    public IReadOnlyList<Opening> Forgotten()
    {
        lock (_gate)
            return _open.FindAll(opening => _time.GetElapsedTime(opening.Opened) > MostLeases * opening.Lease);
    }

    // It may have been ended as one that nobody will close.
    private void OpenAgain(Opening opening)
    {
        lock (_gate)
        {
            if (!_open.Contains(opening))
                _open.Add(opening);
        }
    }

    private bool IsInForce(Opening opening)
    {
        Written written;
        lock (_gate)
            written = _written;
        return written.Open.Contains(opening)
            && _time.GetElapsedTime(written.Sent) < opening.Lease * 2 / RenewalsInLease
            && written.TopicId == _watch.Topic.TopicId
            && !(_cache.TryGetEntry(Self.EndKey, out var end) && end.Value.SetNumber >= written.Number);
    }

    private async Task WriteAsync(CancellationToken cancellationToken) => await Write().WaitAsync(cancellationToken).ConfigureAwait(false);

    private void Renew()
    {
        lock (_gate)
        {
            if (_open.Count == 0 && !_isWanted)
            {
                _renewal.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        _ = Write();
    }

    /// <summary>Writes what is open now, after the write that is under way.</summary>
    /// <returns>A task that ends with that write.</returns>
    private Task Write()
    {
        Task written;
        lock (_gate)
        {
            written = _next.Task;
            if (_ended.IsCancellationRequested)
            {
                Fail(_next, new ObjectDisposedException(nameof(KafkaHybridCache)));
                return written;
            }

            _isWanted = true;
            if (_isWriting)
                return written;
            _isWriting = true;
        }

        // The writes of many requests are one, and belong to none of them.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(RunAsync);
        return written;
    }

    private async Task RunAsync()
    {
        while (Take() is { } write)
        {
            try
            {
                await _cache.PutAsync(Self.OpenKey, write.Record, _put, _ended.Token).ConfigureAwait(false);
                lock (_gate)
                    _written = write.Written;
                write.Done.TrySetResult();
            }
            catch (Exception failed) when (failed is PutException or KafkaCacheException or OperationCanceledException
                or ObjectDisposedException)
            {
                Fail(write.Done, failed);
                if (!GoesOnAfterFailure())
                    return;
            }
        }
    }

    // The record may be in the log all the same. So the renewal writes what is open again, until that is there.
    private bool GoesOnAfterFailure()
    {
        lock (_gate)
        {
            _isWriting = _isWanted && !_ended.IsCancellationRequested;
            _isWanted = true;
            return _isWriting;
        }
    }

    // Nobody may wait for it.
    private static void Fail(TaskCompletionSource done, Exception failed)
    {
        done.TrySetException(failed);
        _ = done.Task.Exception;
    }

    private PendingWrite? Take()
    {
        lock (_gate)
        {
            if (!_isWanted)
            {
                _isWriting = false;
                return null;
            }

            _isWanted = false;
            var (open, done) = (_open.ToArray(), _next);
            _next = NewNext();
            var record = new StoredRecord(RecordKind.Open, default)
            {
                AsOf = _marks.Positions(),
                FreshFor = open.Length == 0 ? TimeSpan.Zero : open.Max(static opening => opening.Lease),
                SetNumber = ++_number,
                TagMarks = TagsOf(open),
            };
            return new PendingWrite(record, new Written(_number, _time.GetTimestamp(), _watch.Topic.TopicId, open), done);
        }
    }

    private static string[] TagsOf(Opening[] open)
    {
        var tags = open.SelectMany(static opening => opening.TagMarks).ToHashSet(StringComparer.Ordinal);
        return tags.Count > MostTags || tags.Sum(static tag => tag.Length) > MostCharacters ? [RecordKeys.MarkOfAll] : [.. tags];
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The record that was written last.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Sent">When it was sent. Others count the lease from when they see it, which is later.</param>
    /// <param name="TopicId">The topic that it is in.</param>
    /// <param name="Open">What it has open.</param>
    private sealed record Written(long Number, long Sent, string TopicId, Opening[] Open)
    {
        public static readonly Written Nothing = new(0, 0, "", []);
    }

    private sealed record PendingWrite(StoredRecord Record, Written Written, TaskCompletionSource Done);
}
