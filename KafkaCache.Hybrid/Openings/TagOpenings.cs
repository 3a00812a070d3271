using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;
using KafkaCaching.Waiting;

namespace KafkaCaching.Hybrid.Openings;

/// <summary>The tags that this process has open. One record, under a key that only this process writes, lists all of them. So a tag that
/// two commits have opened remains open until both have closed it, and commits at about the same time share a write.</summary>
/// <remarks>
/// <para>The record is renewed while a tag is open. When other processes have seen no renewal for the length of its lease, they put the
/// marks of its tags and end it (<see cref="DeadWriters"/>). So a commit proceeds only if the record was written recently, by this
/// process's own clock, and no other process has ended it. A process that was frozen for longer than the lease notices this when it wakes,
/// and opens its tags again. It can't notice a freeze between its last check and its commit, but even then it puts its own marks after the
/// commit.</para>
/// <para>The record with which another process ends an opening has the number of the record that it ends. If this process is alive after
/// all, its next record has a higher number and is not affected, however late the ending record is written.</para>
/// </remarks>
internal sealed class TagOpenings : IDisposable
{
    // The record is renewed three times per lease, and a commit may rely on it for two thirds of the lease.
    private const int RenewalsInLease = 3;

    // An opening that is never closed, for example because code threw before its commit, is ended after this many leases.
    private const int MaxLeases = 10;

    // If the tags exceed one of these limits, the record opens all tags.
    private const int MaxTags = 5_000;
    private const int MaxCharacters = 400_000;

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

    /// <summary>This process, as other processes know it.</summary>
    public TagWriter Self { get; } = new($"{Guid.NewGuid():N}");

    /// <summary>Whether the last record lists the tags that are open now.</summary>
    public bool IsWritten
    {
        get
        {
            lock (_gate)
                return !_isWanted && !_isWriting;
        }
    }

    /// <summary>Opens tags. When the task has completed, the record that opens them is in the log.</summary>
    /// <param name="tagMarks">The keys of the marks of the tags.</param>
    /// <param name="lease">How long other processes wait for a renewal.</param>
    /// <param name="cancellationToken">Cancels the wait, and withdraws the opening.</param>
    /// <exception cref="PutException">The record could not be written.</exception>
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

    /// <summary>Makes sure that an opening is in force. Called immediately before a commit.</summary>
    /// <exception cref="PutException">The opening is not in force, and the record could not be written again.</exception>
    public async Task RequireAsync(Opening opening, CancellationToken cancellationToken)
    {
        while (!IsInForce(opening))
        {
            OpenAgain(opening);
            await WriteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes tags whose marks have been put, or whose data was not changed after all. The record is written in the
    /// background.</summary>
    /// <returns>A task that completes when the record is written. Its failure need not be observed.</returns>
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

    /// <summary>The openings that have been open for so long that they count as abandoned.</summary>
    public IReadOnlyList<Opening> Forgotten()
    {
        lock (_gate)
            return _open.FindAll(opening => _time.GetElapsedTime(opening.Opened) > MaxLeases * opening.Lease);
    }

    // The opening may have been closed as abandoned.
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
            && written.TopicId == _watch.Refresh().TopicId
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

    /// <summary>Writes the record of the tags that are open now, after any write that is under way.</summary>
    /// <returns>A task that completes when that record is written.</returns>
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

        // One write serves many requests, so it does not run in the execution context of any of them.
        _ = Detached.Start(() => Task.Run(RunAsync));
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
                if (!ContinuesAfterFailure())
                    return;
            }
        }
    }

    // The record may be in the log despite the failure. So the renewal writes the open tags again, until a write succeeds.
    private bool ContinuesAfterFailure()
    {
        lock (_gate)
        {
            _isWriting = _isWanted && !_ended.IsCancellationRequested;
            _isWanted = true;
            return _isWriting;
        }
    }

    // The exception is marked as observed, because no caller may be waiting for the task.
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
        return tags.Count > MaxTags || tags.Sum(static tag => tag.Length) > MaxCharacters ? [RecordKeys.MarkOfAll] : [.. tags];
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The record that was written last.</summary>
    /// <param name="Number">The number of the record.</param>
    /// <param name="Sent">When the record was sent. Other processes count the lease from the moment at which they see the record, which is
    /// later.</param>
    /// <param name="TopicId">The ID of the topic that contains the record.</param>
    /// <param name="Open">The openings whose tags the record lists.</param>
    private sealed record Written(long Number, long Sent, string TopicId, Opening[] Open)
    {
        public static readonly Written Nothing = new(0, 0, "", []);
    }

    private sealed record PendingWrite(StoredRecord Record, Written Written, TaskCompletionSource Done);
}
