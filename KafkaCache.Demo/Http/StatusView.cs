namespace KafkaCaching.Demo.Http;

/// <summary>A cache's status as JSON shows it.</summary>
internal sealed record StatusView(
    string Topic,
    CachePhase Phase,
    double Progress,
    TimeSpan? EstimatedTimeToReady,
    long Entries,
    long MemoryBytes,
    long RecordsApplied,
    double RecordsPerSecond,
    long RecordErrors,
    string? Reason,
    string? Fault,
    IReadOnlyList<PartitionStatus> Partitions)
{
    public static StatusView Of(IKafkaCache cache)
    {
        var status = cache.Status;
        return new StatusView(
            cache.Topic,
            status.Phase,
            status.Progress,
            status.EstimatedTimeToReady,
            status.Entries,
            status.MemoryBytes,
            status.RecordsApplied,
            Math.Round(status.RecordsPerSecond),
            status.RecordErrors,
            status.Reason,
            status.Fault is { } fault ? OneLine.Of(fault) : null,
            status.Partitions);
    }
}
