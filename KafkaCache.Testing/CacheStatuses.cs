using KafkaCaching.Replay.Errors;

namespace KafkaCaching.Testing;

/// <summary>Typical statuses of caches, for tests of code that acts on a status. Change one with <c>with { ... }</c>.</summary>
public static class CacheStatuses
{
    private const long OffsetsOfAPartition = 1_000;

    /// <summary>A cache that has started and has not begun its replay.</summary>
    /// <param name="reason">What the cache waits for.</param>
    /// <returns>The status.</returns>
    public static CacheStatus Starting(string? reason = null) => new()
    {
        Phase = CachePhase.Starting,
        Progress = 0,
        Entries = 0,
        MemoryBytes = 0,
        RecordsApplied = 0,
        RecordErrors = 0,
        Partitions = [],
        IsReplayRunning = true,
        Reason = reason,
    };

    /// <summary>A cache in its first replay.</summary>
    /// <param name="progress">How much of the replay is done, from 0 to 1.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <returns>The status.</returns>
    public static CacheStatus Replaying(double progress, int partitions = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(progress);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(progress, 1);
        var position = (long)(OffsetsOfAPartition * progress);
        return Following(partitions, position, OffsetsOfAPartition - position) with
        {
            Phase = CachePhase.Replaying, Progress = progress, EstimatedTimeToReady = null, TimeToReady = null, IsReadable = false,
        };
    }

    /// <summary>A cache that is ready and follows the end of the log.</summary>
    /// <param name="entries">The number of entries.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <returns>The status.</returns>
    public static CacheStatus Ready(long entries = 0, int partitions = 1) =>
        Following(partitions, OffsetsOfAPartition, lag: 0) with { Entries = entries };

    /// <summary>A cache that was ready, but that the brokers no longer confirm to be current.</summary>
    /// <param name="reason">Why it is stale.</param>
    /// <param name="entries">The number of entries.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <returns>The status.</returns>
    public static CacheStatus Stale(string reason = "The brokers give no answer.", long entries = 0, int partitions = 1) =>
        Ready(entries, partitions) with { Phase = CachePhase.Stale, Reason = reason, SinceConfirmed = TimeSpan.FromMinutes(1) };

    /// <summary>A cache that serves reads while it replays a log that has changed.</summary>
    /// <param name="entries">The number of entries.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <returns>The status.</returns>
    public static CacheStatus Rebuilding(long entries = 0, int partitions = 1) =>
        Ready(entries, partitions) with { Phase = CachePhase.Rebuilding, Rebuilds = 1 };

    /// <summary>A cache that has stopped because of an error.</summary>
    /// <param name="fault">The error.</param>
    /// <param name="entries">The number of entries.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <returns>The status. Its <see cref="CacheStatus.FaultText"/> is the message of the error.</returns>
    public static CacheStatus Faulted(Exception fault, long entries = 0, int partitions = 1)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Ready(entries, partitions) with
        {
            Phase = CachePhase.Faulted, Fault = fault, FaultText = fault.Message, IsReplayRunning = false, IsReadable = false,
        };
    }

    /// <summary>A cache that has been disposed of.</summary>
    /// <param name="entries">The number of entries.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <returns>The status.</returns>
    public static CacheStatus Stopped(long entries = 0, int partitions = 1) =>
        Ready(entries, partitions) with { Phase = CachePhase.Stopped, IsReplayRunning = false, IsReadable = false };

    /// <summary>The status of a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The next offset to apply.</param>
    /// <param name="lag">The number of records that have not been applied yet.</param>
    /// <returns>The status.</returns>
    public static PartitionStatus Partition(int partition, long position, long lag = 0) => new()
    {
        Partition = partition,
        LogStart = 0,
        Position = position,
        Target = position + lag,
        LastStableOffset = position + lag,
        HighWatermark = position + lag,
    };

    private static CacheStatus Following(int partitions, long position, long lag) => new()
    {
        Phase = CachePhase.Ready,
        Generation = 1,
        IsReadable = true,
        Progress = 1,
        EstimatedTimeToReady = TimeSpan.Zero,
        TimeToReady = TimeSpan.FromSeconds(1),
        Entries = 0,
        MemoryBytes = 1L << 20,
        MemoryBudgetBytes = 1L << 30,
        RecordsApplied = partitions * position,
        BytesApplied = partitions * position * 100,
        RecordErrors = 0,
        TopicId = "topic",
        Source = RecordSourceKind.Batches,
        IsReplayRunning = true,
        Partitions = [.. Enumerable.Range(0, partitions).Select(partition => Partition(partition, position, lag))],
    };
}
