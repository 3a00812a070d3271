namespace KafkaCaching;

/// <summary>A snapshot of one partition of a cache's topic. All offsets are Kafka offsets.</summary>
public sealed record PartitionStatus
{
    /// <summary>The partition, from 0.</summary>
    public required int Partition { get; init; }

    /// <summary>The log start offset when the replay began.</summary>
    public required long LogStart { get; init; }

    /// <summary>The next offset to apply.</summary>
    public required long Position { get; init; }

    /// <summary>The high watermark captured when the replay began. The cache is ready when the position of every partition has reached
    /// it.</summary>
    public required long Target { get; init; }

    /// <summary>The most recently seen last stable offset. Records at and above it can't be read until open transactions end (Kafka:
    /// <c>isolation.level=read_committed</c>).</summary>
    public required long LastStableOffset { get; init; }

    /// <summary>The most recently seen high watermark: the offset after the newest replicated record.</summary>
    public required long HighWatermark { get; init; }

    /// <summary>The timestamp of the last record that this generation has applied, as set by the writer or by the broker (Kafka:
    /// <c>message.timestamp.type</c>); <see langword="null"/> before the first record.</summary>
    public DateTimeOffset? LastAppliedTimestamp { get; init; }

    /// <summary>The time since <see cref="LastAppliedTimestamp"/>, or since this generation began if it has applied nothing yet. It is zero
    /// if <see cref="Lag"/> is 0, so an idle topic never appears to lag.</summary>
    public TimeSpan LagDuration { get; init; }

    /// <summary>The number of offsets from the position to the high watermark. After compaction, not every offset has a record.</summary>
    public long Lag => Math.Max(0, HighWatermark - Position);
}
