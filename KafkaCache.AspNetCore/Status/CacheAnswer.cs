using KafkaCaching.AspNetCore.Status.Hybrid;
using KafkaCaching.AspNetCore.Status.Refreshing;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>A cache as the page shows it: numbers and positions, never a key or a value.</summary>
internal sealed record CacheAnswer
{
    public required string Name { get; init; }

    public required string Topic { get; init; }

    public required bool IsReadOnly { get; init; }

    public required CachePhase Phase { get; init; }

    public required double Progress { get; init; }

    /// <summary>The estimated time until the cache is ready.</summary>
    public required double? SecondsLeft { get; init; }

    /// <summary>The time that the cache took to become ready.</summary>
    public required double? SecondsToReady { get; init; }

    public required long Entries { get; init; }

    public required long MemoryBytes { get; init; }

    public required long MemoryBudgetBytes { get; init; }

    public required double RecordsPerSecond { get; init; }

    public required long RecordsApplied { get; init; }

    public required long BytesApplied { get; init; }

    public required long Rebuilds { get; init; }

    public required long ConsumerRecreations { get; init; }

    public required long KeysSeenInTwoPartitions { get; init; }

    public required long RecordErrors { get; init; }

    public required IReadOnlyList<RecordErrorSighting> RecentRecordErrors { get; init; }

    public required int Watchers { get; init; }

    public required long PendingChanges { get; init; }

    public required IReadOnlyList<IndexStatus> Indexes { get; init; }

    /// <summary>How the cache started, and the snapshots that it writes; <see langword="null"/> without snapshots.</summary>
    public required SnapshotAnswer? Snapshot { get; init; }

    /// <summary>The hybrid cache over this cache, if there is one.</summary>
    public HybridAnswer? Hybrid { get; init; }

    /// <summary>The refreshed cache over this cache, if there is one.</summary>
    public RefreshedAnswer? Refreshed { get; init; }

    public required string? Reason { get; init; }

    public required string? Fault { get; init; }

    public required IReadOnlyList<PartitionAnswer> Partitions { get; init; }

    public static CacheAnswer Of(IKafkaCache cache)
    {
        var status = cache.Status;
        return new CacheAnswer
        {
            Name = cache.Name,
            Topic = cache.Topic,
            IsReadOnly = cache.IsReadOnly,
            Phase = status.Phase,
            Progress = status.Progress,
            SecondsLeft = status.EstimatedTimeToReady?.TotalSeconds,
            SecondsToReady = status.TimeToReady?.TotalSeconds,
            Entries = status.Entries,
            MemoryBytes = status.MemoryBytes,
            MemoryBudgetBytes = status.MemoryBudgetBytes,
            RecordsPerSecond = status.RecordsPerSecond,
            RecordsApplied = status.RecordsApplied,
            BytesApplied = status.BytesApplied,
            Rebuilds = status.Rebuilds,
            ConsumerRecreations = status.ConsumerRecreations,
            KeysSeenInTwoPartitions = status.KeysSeenInTwoPartitions,
            RecordErrors = status.RecordErrors,
            RecentRecordErrors = status.RecentRecordErrors,
            Watchers = status.Watchers,
            PendingChanges = status.PendingChanges,
            Indexes = status.Indexes,
            Snapshot = SnapshotAnswer.Of(status),
            Reason = status.Reason,
            Fault = status.FaultText,
            Partitions = [.. status.Partitions.Select(PartitionAnswer.Of)],
        };
    }
}

/// <summary>The snapshots of a cache as the page shows them.</summary>
internal sealed record SnapshotAnswer
{
    public required bool? IsWarm { get; init; }

    public required ColdStartReason? ColdReason { get; init; }

    public required string? Problem { get; init; }

    /// <summary>The age that the snapshot had when the cache started from it.</summary>
    public required double? SecondsOldAtStart { get; init; }

    /// <summary>The number of offsets after the snapshot that remained to be replayed.</summary>
    public required long OffsetsAfter { get; init; }

    /// <summary>Whether entries are still being read from the snapshot's file.</summary>
    public required bool IsLoading { get; init; }

    /// <summary>How long ago the last snapshot was written.</summary>
    public required double? SecondsOld { get; init; }

    public required long Bytes { get; init; }

    public required string? Unavailable { get; init; }

    public required string? LastError { get; init; }

    public static SnapshotAnswer? Of(CacheStatus status) => status.Snapshot is not { } snapshot ? null : new()
    {
        IsWarm = status.Start?.IsWarm,
        ColdReason = status.Start?.Reason,
        Problem = status.Start?.Problem,
        SecondsOldAtStart = status.Start?.Age?.TotalSeconds,
        IsLoading = status.Start?.IsLoading ?? false,
        OffsetsAfter = status.Start?.OffsetsToReplay ?? 0,
        SecondsOld = snapshot.Age?.TotalSeconds,
        Bytes = snapshot.Bytes,
        Unavailable = snapshot.Unavailable,
        LastError = snapshot.LastError,
    };
}

/// <summary>A partition as the page shows it.</summary>
internal sealed record PartitionAnswer(int Partition, long Position, long HighWatermark, long Lag, double LagSeconds)
{
    public static PartitionAnswer Of(PartitionStatus status) =>
        new(status.Partition, status.Position, status.HighWatermark, status.Lag, status.LagDuration.TotalSeconds);
}
