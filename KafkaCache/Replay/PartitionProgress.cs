using KafkaCaching.Topics;

namespace KafkaCaching.Replay;

/// <summary>How far one partition is. The replay thread advances it; anyone reads it.</summary>
internal sealed class PartitionProgress(int partition, long logStart, long target, long lastStableOffset)
{
    // As Kafka itself says it.
    private const long NoTimestamp = -1;

    private long _next = logStart;
    private long _position = logStart;
    private long _timestampMs = NoTimestamp;
    private long _appliedTimestampMs = NoTimestamp;
    private long _highWatermark = target;
    private long _lastStableOffset = lastStableOffset;
    private long _epochUpTo = -1;
    private int _leaderEpoch;

    /// <param name="partition">Its number.</param>
    /// <param name="range">What the brokers have just said of it.</param>
    /// <param name="reached">What an earlier generation of the same log has applied.</param>
    public static PartitionProgress Of(int partition, LogRange range, long reached = 0) =>
        new(partition, range.LogStart, Math.Max(range.HighWatermark, reached), range.LastStableOffset);

    public int Partition { get; } = partition;

    public long LogStart { get; } = logStart;

    /// <summary>The high watermark captured when the generation began; the log start where that was listed later and lies beyond.</summary>
    public long Target { get; } = Math.Max(target, logStart);

    /// <summary>The next offset to apply: everything below is applied and readable.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The timestamp of the last record applied, in Unix milliseconds; <see langword="null"/> before the first, or where it has
    /// none.</summary>
    public long? LastAppliedTimestampMs => Volatile.Read(ref _appliedTimestampMs) is var timestamp and not NoTimestamp ? timestamp : null;

    public long HighWatermark => Math.Max(Volatile.Read(ref _highWatermark), Position);

    // What has been read as committed can't lie above it.
    public long LastStableOffset => Math.Max(Volatile.Read(ref _lastStableOffset), Position);

    /// <summary>Whether a record has come since the generation began, rather than being an old one of its replay.</summary>
    public bool IsTail(long offset) => offset >= Target;

    public bool HasReachedTarget => Position >= Target;

    /// <summary>Replay thread. Whether the log is known to go on behind what has been noted.</summary>
    public bool IsBehind => _next < Math.Max(Target, Volatile.Read(ref _highWatermark));

    /// <summary>Replay thread. Notes an applied or settled record; <see cref="Publish"/> shows it.</summary>
    public void PassRecord(long offset, long timestampMs)
    {
        PassTo(offset + 1);
        _timestampMs = timestampMs;
    }

    /// <summary>Replay thread. Notes an applied or passed offset; <see cref="Publish"/> shows it.</summary>
    public void PassTo(long next) => _next = Math.Max(_next, next);

    /// <summary>Replay thread. The leader epoch of the record before the position. None where something else stands between the two, as a
    /// transaction's marker does, which may be of a later epoch: the position would seem to lie beyond the end of this one.</summary>
    public int? LeaderEpoch => _epochUpTo == _position ? _leaderEpoch : null;

    /// <summary>Replay thread. Notes the leader epoch of an applied record.</summary>
    public void SawLeaderEpoch(long offset, int leaderEpoch) => (_epochUpTo, _leaderEpoch) = (offset + 1, leaderEpoch);

    /// <summary>Replay thread. Shows the offsets noted, after their entries are in the store.</summary>
    public void Publish()
    {
        if (_next == _position)
            return;
        Volatile.Write(ref _appliedTimestampMs, _timestampMs);
        Volatile.Write(ref _position, _next);
    }

    /// <summary>Any thread.</summary>
    public void SawHighWatermark(long offset) => Raise(ref _highWatermark, offset);

    /// <summary>Any thread.</summary>
    public void SawLastStableOffset(long offset) => Raise(ref _lastStableOffset, offset);

    private static void Raise(ref long watermark, long offset)
    {
        // Two raise at once: who finds that the other came before him looks again, and never puts a lower one over a higher one.
        for (var seen = Volatile.Read(ref watermark); offset > seen;)
        {
            var found = Interlocked.CompareExchange(ref watermark, offset, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }
}
