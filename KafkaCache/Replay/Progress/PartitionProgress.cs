using KafkaCaching.Logs;

namespace KafkaCaching.Replay.Progress;

/// <summary>The progress of one partition. The replay thread advances it; any thread may read it.</summary>
internal sealed class PartitionProgress(int partition, long logStart, long target, long lastStableOffset, long? start = null)
{
    // Kafka's own value for a missing timestamp.
    private const long NoTimestamp = -1;

    private long _next = start ?? logStart;
    private long _position = start ?? logStart;
    private long _timestampMs = NoTimestamp;
    private long _appliedTimestampMs = NoTimestamp;
    private long _highWatermark = target;
    private long _lastStableOffset = lastStableOffset;
    private long _lastRecord = -1;
    private long _epochUpTo = -1;
    private int _leaderEpoch;
    private volatile bool _isAwaited;

    /// <param name="partition">The partition's number.</param>
    /// <param name="range">The offsets that the brokers have just reported for it.</param>
    /// <param name="reached">The position that an earlier generation of the same log has reached.</param>
    public static PartitionProgress Of(int partition, LogRange range, long reached = 0) =>
        new(partition, range.LogStart, Math.Max(range.HighWatermark, reached), range.LastStableOffset);

    /// <summary>The progress of a partition whose records before an offset are in the store already.</summary>
    /// <param name="partition">The partition's number.</param>
    /// <param name="range">The offsets that the brokers have just reported for it.</param>
    /// <param name="resumeAt">The offset at which reading continues.</param>
    /// <param name="leaderEpoch">The leader epoch of the record before.</param>
    /// <param name="timestampMs">The timestamp of that record.</param>
    /// <remarks>The client checks the epoch before it delivers anything after the position. If nothing follows the position, the record
    /// before it is read again: its epoch shows whether the log was truncated and then grew to the same end with other records. Waiting for
    /// the client to report the end of the log would take longer, because the brokers hold an idle fetch for its whole wait.</remarks>
    public static PartitionProgress Resumed(int partition, LogRange range, long resumeAt, int leaderEpoch, long timestampMs)
    {
        var resumed = new PartitionProgress(partition, range.LogStart, range.HighWatermark, range.LastStableOffset, resumeAt);
        if (resumeAt >= range.HighWatermark)
        {
            resumed._next = resumed._position = resumeAt - 1;
            resumed._isAwaited = true;
        }

        (resumed._epochUpTo, resumed._leaderEpoch) = (resumed._position, leaderEpoch);
        resumed._timestampMs = resumed._appliedTimestampMs = timestampMs;
        return resumed;
    }

    public int Partition { get; } = partition;

    public long LogStart { get; } = logStart;

    /// <summary>The position at which the generation began.</summary>
    public long Start { get; } = start ?? logStart;

    /// <summary>The high watermark captured when the generation began, or the log start if that was listed later and lies beyond
    /// it.</summary>
    public long Target { get; } = Math.Max(target, logStart);

    /// <summary>The next offset to apply. Everything below it is applied and readable.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The timestamp of the last record applied, in Unix milliseconds; <see langword="null"/> before the first record, or when the
    /// record has none.</summary>
    public long? LastAppliedTimestampMs => Volatile.Read(ref _appliedTimestampMs) is var timestamp and not NoTimestamp ? timestamp : null;

    public long HighWatermark => Math.Max(Volatile.Read(ref _highWatermark), Position);

    // Records that have been read as committed can't lie above the last stable offset.
    public long LastStableOffset => Math.Max(Volatile.Read(ref _lastStableOffset), Position);

    /// <summary>Whether the record at an offset was written after the generation began, and is not one of the old records of its
    /// replay.</summary>
    public bool IsTail(long offset) => offset >= Target;

    public bool HasReachedTarget => Position >= Target && !_isAwaited;

    /// <summary>Whether a record that was read before is still expected to arrive again with the same leader epoch. Read on the replay
    /// thread only.</summary>
    public bool IsAwaited => _isAwaited;

    /// <summary>Whether the awaited record was passed without having arrived. Read on the replay thread only.</summary>
    public bool IsContradicted => _isAwaited && _next >= Start;

    /// <summary>Whether the log is known to continue after the offsets noted. Read on the replay thread only.</summary>
    public bool IsBehind => _next < Math.Max(Target, Volatile.Read(ref _highWatermark));

    /// <summary>Notes an applied or settled record. <see cref="Publish"/> makes it visible. Called on the replay thread only.</summary>
    public void PassRecord(long offset, long timestampMs)
    {
        PassTo(offset + 1);
        _lastRecord = offset;
        _timestampMs = timestampMs;
    }

    /// <summary>Notes that all offsets before <paramref name="next"/> have been applied or passed. <see cref="Publish"/> makes this
    /// visible. Called on the replay thread only.</summary>
    public void PassTo(long next) => _next = Math.Max(_next, next);

    /// <summary>The leader epoch of the record directly before the position. It is read on the replay thread only. It is
    /// <see langword="null"/> when something other than a record lies in between. A transaction's marker, for example, may be of a later
    /// epoch, and the position would then seem to lie beyond the end of the record's epoch.</summary>
    public int? LeaderEpoch => _epochUpTo == _position ? _leaderEpoch : null;

    /// <summary>The offset at which another replay can resume after the records that this one has applied, and the leader epoch by which
    /// the brokers check it. The offset is the one after the last record, or the log start if there was no record. The value is
    /// <see langword="null"/> if the record's epoch is not known. It is read on the replay thread only.</summary>
    public (long At, int? LeaderEpoch)? ResumePoint =>
        _lastRecord < 0 && _epochUpTo < 0 ? (LogStart, null)
        : _lastRecord < 0 || _lastRecord + 1 == _epochUpTo ? (_epochUpTo, _leaderEpoch)
        : null;

    /// <summary>Compares the first records that arrive with the awaited one. Called on the replay thread only.</summary>
    /// <returns>Whether the log is a different one.</returns>
    public bool Contradicts(PartitionEpoch first)
    {
        // If further records have come with the awaited one, this is the epoch of the last of them. Epochs never decrease, so if it is the
        // same, the awaited record's epoch is the same too. If it is not, the log is read again although it may be the right one.
        if (first.LeaderEpoch != _leaderEpoch)
            return true;
        _isAwaited = false;
        return false;
    }

    /// <summary>Notes the leader epoch of an applied record. Called on the replay thread only.</summary>
    public void SawLeaderEpoch(long offset, int leaderEpoch) => (_epochUpTo, _leaderEpoch) = (offset + 1, leaderEpoch);

    /// <summary>Makes the offsets noted visible, after their entries are in the store. Called on the replay thread only.</summary>
    public void Publish()
    {
        if (_next == _position)
            return;
        Volatile.Write(ref _appliedTimestampMs, _timestampMs);
        Volatile.Write(ref _position, _next);
    }

    /// <summary>Raises the high watermark. Safe to call from any thread.</summary>
    public void SawHighWatermark(long offset) => Raise(ref _highWatermark, offset);

    /// <summary>Raises the last stable offset. Safe to call from any thread.</summary>
    public void SawLastStableOffset(long offset) => Raise(ref _lastStableOffset, offset);

    private static void Raise(ref long watermark, long offset)
    {
        // Two threads may raise the watermark at once. The thread that finds that the other was first compares again, and never replaces a
        // higher value with a lower one.
        for (var seen = Volatile.Read(ref watermark); offset > seen;)
        {
            var found = Interlocked.CompareExchange(ref watermark, offset, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }
}
