namespace KafkaCaching;

/// <summary>A snapshot of one partition of a cache's topic. All offsets are Kafka's.</summary>
public sealed record PartitionStatus
{
    /// <summary>The partition, from 0.</summary>
    public required int Partition { get; init; }

    /// <summary>The log start offset that the replay began at.</summary>
    public required long LogStart { get; init; }

    /// <summary>The next offset to apply.</summary>
    public required long Position { get; init; }

    /// <summary>The high watermark captured when the replay began: the cache is ready when every position has reached it.</summary>
    public required long Target { get; init; }

    /// <summary>The last stable offset last seen: records at and above it belong to transactions that are still open
    /// (Kafka: <c>isolation.level=read_committed</c> reads no further).</summary>
    public required long LastStableOffset { get; init; }

    /// <summary>The high watermark last seen: one past the newest record that is replicated.</summary>
    public required long HighWatermark { get; init; }

    /// <summary>The timestamp of the last record applied by this generation, as its writer or the broker set it (Kafka:
    /// <c>message.timestamp.type</c>); <see langword="null"/> before the first.</summary>
    public DateTimeOffset? LastAppliedTimestamp { get; init; }

    /// <summary>Zero where <see cref="Lag"/> is 0, so that an idle topic is never late; else the time since
    /// <see cref="LastAppliedTimestamp"/>, or since this generation began where it has applied nothing yet.</summary>
    public TimeSpan LagDuration { get; init; }

    /// <summary>Records between the position and the high watermark.</summary>
    public long Lag => Math.Max(0, HighWatermark - Position);
}
