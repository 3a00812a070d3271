using KafkaCaching.Logs;
using KafkaCaching.Waiting;

namespace KafkaCaching.Replay.Progress;

/// <summary>The progress of one partition. The replay thread advances it. Any thread may read it.</summary>
internal sealed class PartitionProgress(int partition, long logStart, long target, long lastStableOffset, long? start = null)
{
    // Kafka's value for a missing timestamp.
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
    /// <param name="range">The offsets that the brokers have just reported for the partition.</param>
    /// <param name="reached">The position that an earlier generation of the same log has reached.</param>
    public static PartitionProgress Of(int partition, LogRange range, long reached = 0) =>
        new(partition, range.LogStart, Math.Max(range.HighWatermark, reached), range.LastStableOffset);

    /// <summary>Creates the progress of a partition whose records before an offset are already in the store.</summary>
    /// <param name="partition">The partition's number.</param>
    /// <param name="range">The offsets that the brokers have just reported for the partition.</param>
    /// <param name="resumeAt">The offset at which reading continues.</param>
    /// <param name="leaderEpoch">The leader epoch of the record before that offset.</param>
    /// <param name="timestampMs">The timestamp of that record.</param>
    /// <remarks>The client checks the epoch before it delivers anything after the position. If nothing follows the position, the record
    /// before it is read again. Its epoch shows whether the log was truncated and has since grown to the same end with other records.
    /// Waiting for the client to report the end of the log would take longer, because the brokers delay the response to a fetch without new
    /// records for the whole fetch.wait.max.ms.</remarks>
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

    /// <summary>The high watermark captured when the generation began, or the log start offset if that was queried later and is
    /// higher.</summary>
    public long Target { get; } = Math.Max(target, logStart);

    /// <summary>The next offset to apply. Everything below it is applied and readable.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The timestamp of the last record applied, in Unix milliseconds; <see langword="null"/> before the first record, or if the
    /// record has none.</summary>
    public long? LastAppliedTimestampMs => Volatile.Read(ref _appliedTimestampMs) is var timestamp and not NoTimestamp ? timestamp : null;

    public long HighWatermark => Math.Max(Volatile.Read(ref _highWatermark), Position);

    // Records that have been read with read_committed can't lie above the last stable offset.
    public long LastStableOffset => Math.Max(Volatile.Read(ref _lastStableOffset), Position);

    /// <summary>Whether the record at an offset was written after the generation began, so that it does not belong to the initial
    /// replay.</summary>
    public bool IsTail(long offset) => offset >= Target;

    public bool HasReachedTarget => Position >= Target && !_isAwaited;

    /// <summary>Whether a record that was read before is still expected to arrive again with the same leader epoch. Read on the replay
    /// thread only.</summary>
    public bool IsAwaited => _isAwaited;

    /// <summary>Whether the replay has passed the awaited record without receiving it. Read on the replay thread only.</summary>
    public bool IsContradicted => _isAwaited && _next >= Start;

    /// <summary>Whether the log is known to continue after the offsets passed so far. Read on the replay thread only.</summary>
    public bool IsBehind => _next < Math.Max(Target, Volatile.Read(ref _highWatermark));

    /// <summary>Records that a record has been applied or settled. <see cref="Publish"/> makes this visible. Called on the replay thread
    /// only.</summary>
    public void PassRecord(long offset, long timestampMs)
    {
        PassTo(offset + 1);
        _lastRecord = offset;
        _timestampMs = timestampMs;
    }

    /// <summary>Records that all offsets before <paramref name="next"/> have been applied or hold no record to apply. <see cref="Publish"/>
    /// makes this visible. Called on the replay thread only.</summary>
    public void PassTo(long next) => _next = Math.Max(_next, next);

    /// <summary>The leader epoch of the record directly before the position. It is <see langword="null"/> if the offset before the position
    /// holds no such record. A transaction marker, for example, may be of a later epoch than the record before it, and the position would
    /// then seem to lie beyond the end of the record's epoch. Read on the replay thread only.</summary>
    public int? LeaderEpoch => _epochUpTo == _position ? _leaderEpoch : null;

    /// <summary>The offset at which another replay can resume after the records that this one has applied, and the leader epoch that lets
    /// the brokers validate the offset. The offset is the one after the last record, or the log start offset if there was no record. The
    /// value is <see langword="null"/> if the record's epoch is not known. Read on the replay thread only.</summary>
    public (long At, int? LeaderEpoch)? ResumePoint =>
        _lastRecord < 0 && _epochUpTo < 0 ? (LogStart, null)
        : _lastRecord < 0 || _lastRecord + 1 == _epochUpTo ? (_epochUpTo, _leaderEpoch)
        : null;

    /// <summary>Compares the leader epoch of the first records that arrive with that of the awaited record. Called on the replay thread
    /// only.</summary>
    /// <returns>Whether the log is a different one.</returns>
    public bool Contradicts(PartitionEpoch first)
    {
        // If further records have arrived with the awaited one, this is the epoch of the last of them. Epochs never decrease, so if that
        // epoch is the expected one, the awaited record's epoch is too. If it is higher, the log is replayed from the start, although it
        // may be the right one.
        if (first.LeaderEpoch != _leaderEpoch)
            return true;
        _isAwaited = false;
        return false;
    }

    /// <summary>Records the leader epoch of an applied record. Called on the replay thread only.</summary>
    public void SawLeaderEpoch(long offset, int leaderEpoch) => (_epochUpTo, _leaderEpoch) = (offset + 1, leaderEpoch);

    /// <summary>Makes the offsets passed so far visible. Their entries must already be in the store. Called on the replay thread
    /// only.</summary>
    public void Publish()
    {
        if (_next == _position)
            return;
        Volatile.Write(ref _appliedTimestampMs, _timestampMs);
        Volatile.Write(ref _position, _next);
    }

    /// <summary>Raises the high watermark. Safe to call from any thread.</summary>
    public void SawHighWatermark(long offset) => Maximum.Raise(ref _highWatermark, offset);

    /// <summary>Raises the last stable offset. Safe to call from any thread.</summary>
    public void SawLastStableOffset(long offset) => Maximum.Raise(ref _lastStableOffset, offset);
}
