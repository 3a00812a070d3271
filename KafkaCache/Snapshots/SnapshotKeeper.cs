using KafkaCaching.Diagnostics;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Waiting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Snapshots;

/// <summary>Writes the snapshots of a cache. It decides when one is due, and writes the state that the replay thread has captured, on a
/// separate thread.</summary>
internal sealed class SnapshotKeeper : IDisposable
{
    private const long MinChanges = 10_000;
    private const int MinChangedPart = 100;
    private const int PartOfRetentionWorthIt = 4;

    private static readonly TimeSpan FirstAfterReady = TimeSpan.FromMinutes(1);

    // After the token is cancelled, at most one more write to the disk is made.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly SnapshotSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private SnapshotStatus _status = new();
    private Thread? _writing;
    private bool _ended;
    private volatile bool _isDue;
    private volatile bool _isWriting;
    private volatile bool _isRequested;
    private Kept? _last;

    public SnapshotKeeper(SnapshotSettings settings, ILogger logger)
    {
        (_settings, _time, _logger) = (settings, settings.Time, logger);
        _timer = Detached.Start(
            () => _time.CreateTimer(_ => _isDue = true, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
    }

    public SnapshotStatus Status => Volatile.Read(ref _status);

    /// <summary>Whether the replay thread should capture the state, if a snapshot is worthwhile. None is due while another snapshot is
    /// being written, because a store supports only one capture at a time.</summary>
    public bool IsDue => _isDue && !IsWriting;

    /// <summary>Whether a snapshot is being written. Safe to read from any thread.</summary>
    public bool IsWriting => _isWriting;

    /// <summary>Requests a snapshot as soon as possible, even if nothing has changed since the last one. Safe to call from any
    /// thread.</summary>
    public void Request()
    {
        _isRequested = true;
        _isDue = true;
    }

    /// <summary>Called on the replay thread when a generation that has no snapshot yet begins to serve.</summary>
    public void Serving()
    {
        _isDue = false;
        Volatile.Write(ref _last, null);
        SetTimer(_settings.Options.Interval < FirstAfterReady ? _settings.Options.Interval : FirstAfterReady);
    }

    /// <summary>Called on the replay thread when a generation that started from a snapshot begins to serve.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="bytes">The size of its file.</param>
    /// <param name="contentVersion">The content version in this process that corresponds to the snapshot.</param>
    public void ServingFrom(SnapshotDescription snapshot, long bytes, long contentVersion)
    {
        _isDue = false;
        Volatile.Write(ref _last, new Kept(contentVersion, snapshot.CaughtUp));
        Settle(status => status with { Written = snapshot.Written, Bytes = bytes, Entries = snapshot.Entries });
        SetTimer(_settings.Options.Interval);
    }

    /// <summary>Whether enough has changed since the last snapshot for another one to be worthwhile. Called on the replay thread when a
    /// snapshot is due.</summary>
    public bool HasEnoughChanges(long entries, long contentVersion, TimeSpan? retention)
    {
        if (Volatile.Read(ref _last) is not { } last || _isRequested)
            return true;
        var changes = contentVersion - last.ContentVersion;
        var limit = SnapshotCheck.Shorter(_settings.Options.MaxAge, retention) ?? TimeSpan.MaxValue;
        return changes >= MinChanges || (changes > 0 && changes >= entries / MinChangedPart)
            || _time.GetUtcNow() - last.CaughtUp >= limit / PartOfRetentionWorthIt;
    }

    /// <summary>Called on the replay thread when the snapshot that was due is not worthwhile, or can't be made now.</summary>
    /// <param name="why">Why the snapshot can't be made; <see langword="null"/> if it is not worthwhile.</param>
    public void Skip(string? why = null)
    {
        if (Status.Unavailable != why)
            Settle(status => status with { Unavailable = why });
        _isDue = false;
        SetTimer(_settings.Options.Interval);
    }

    /// <summary>Writes the captured state in the background. Called on the replay thread only.</summary>
    public void Write(SnapshotMoment moment)
    {
        _isDue = _isRequested = false;
        lock (_gate)
        {
            if (_ended)
            {
                moment.Dispose();
                return;
            }

            _isWriting = true;
            _writing = new Thread(() => WriteAndSettle(moment)) { IsBackground = true, Name = "KafkaCache snapshot" };
            _writing.UnsafeStart();
        }
    }

    /// <summary>Aborts a snapshot that is being written. The file of the previous one is kept.</summary>
    public void Dispose()
    {
        Thread? writing;
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            writing = _writing;
        }

        _stopping.Cancel();
        _timer.Dispose();
        if (writing is null || writing.Join(StopTimeout))
            _stopping.Dispose();
    }

    private void WriteAndSettle(SnapshotMoment moment)
    {
        var started = _time.GetTimestamp();
        try
        {
            var (description, bytes) = new MomentWriter(_settings, _stopping.Token).Write(moment);
            var elapsed = _time.GetElapsedTime(started);
            Volatile.Write(ref _last, new Kept(moment.ContentVersion, moment.CaughtUp));
            Settle(status => status with
            {
                Written = description.Written, Bytes = bytes, Entries = description.Entries, Duration = elapsed,
                Count = status.Count + 1, LastError = null, Unavailable = null,
            });
            Log.SnapshotWritten(_logger, _settings.Topic, description.Entries, bytes, elapsed.TotalMilliseconds);
        }
        catch (OperationCanceledException)
        {
            // The cache is stopping.
        }
        catch (CaptureEndedException aborted)
        {
            Settle(status => status with { Aborted = status.Aborted + 1, LastError = aborted.Message });
            Log.SnapshotAborted(_logger, _settings.Topic, aborted.Message);
        }
        catch (Exception failed)
        {
            // After any failure, the cache continues to serve without a new snapshot.
            var isKnown = Volatile.Read(ref _status).LastError == failed.Message;
            Settle(status => status with { Failures = status.Failures + 1, LastError = failed.Message });
            if (!isKnown)
                Log.SnapshotFailed(_logger, failed, _settings.Topic);
        }
        finally
        {
            SetTimer(_settings.Options.Interval);
            _isWriting = false;
        }
    }

    // The lock is needed because both the replay thread and the writing thread change the status.
    private void Settle(Func<SnapshotStatus, SnapshotStatus> change)
    {
        lock (_gate)
            Volatile.Write(ref _status, change(_status));
    }

    private void SetTimer(TimeSpan due)
    {
        lock (_gate)
        {
            if (!_ended)
                _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The last snapshot: its content version, and the time up to which it is complete.</summary>
    private sealed record Kept(long ContentVersion, DateTimeOffset CaughtUp);
}
