using System.Globalization;
using KafkaCaching.Changes;
using KafkaCaching.Encodings;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Store;

namespace KafkaCaching.Generations;

/// <summary>Creates snapshots of the cache's status, and explains why a cache is not ready.</summary>
internal sealed class StatusReport(
    CacheState state, ChangeFeed changes, RecordErrorSettlement recordErrors, RemovalCounts removals, Func<ReplayTotals> totals,
    Func<bool> isReplayRunning,
    Func<TimeSpan> sinceConfirmed, Func<(StartStatus? Start, SnapshotStatus? Snapshot)> snapshots,
    long memoryBudget, string topic, string unanswered, Func<string?> clientProblem, TimeProvider time)
{
    // Before this time has passed, the measured rate mostly reflects the startup.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    public CacheStatus Snapshot()
    {
        // Whether the replay thread runs is read before the phase. The thread sets the phase before it ends, so if it has already ended
        // here, the phase that is read below shows that.
        var isRunning = isReplayRunning();
        var (phase, current, fault, reason) = state.Snapshot();
        var positions = current?.Positions;
        var (start, snapshot) = snapshots();
        var (records, bytes, rebuilds, recreations, leftBehind) = totals();
        var recordErrorsByReason = recordErrors.Counts.Snapshot();
        // The positions are read before the number of entries, so that the number is never older than the positions.
        var partitions = current is null ? [] : Partitions(current);
        var isReplaying = phase is CachePhase.Starting or CachePhase.Replaying;
        return new CacheStatus
        {
            Phase = phase,
            Progress = positions?.Progress ?? 0,
            EstimatedTimeToReady = isReplaying ? (current is null ? null : TimeLeft(current)) : TimeSpan.Zero,
            RecordsPerSecond = current is null ? 0 : Rate(current),
            Entries = current?.Store.Count ?? 0,
            MemoryBytes = (current?.Store.MemoryBytes ?? 0) + (current?.Indexes?.Bytes ?? 0),
            Indexes = current?.Indexes?.Status() ?? [],
            MemoryBudgetBytes = memoryBudget,
            SpilledBytes = current?.Store.SpilledBytes,
            TimeToReady = state.TimeToReady,
            RecordsApplied = records,
            BytesApplied = bytes,
            Rebuilds = rebuilds,
            Generation = current?.Number ?? 0,
            IsReadable = state.Readable is not null,
            ConsumerRecreations = recreations,
            ClientsLeftBehind = leftBehind,
            RecordErrors = recordErrorsByReason.Values.Sum(),
            RecordErrorsByReason = recordErrorsByReason,
            RecentRecordErrors = recordErrors.Recent.Snapshot(),
            KeysSeenInTwoPartitions = current?.KeysSeenInTwoPartitions ?? 0,
            ContestedKeys = current?.Applier.ContestedKeys ?? 0,
            ContestedBytes = current?.Applier.ContestedBytes ?? 0,
            ExpiredEntries = removals.Expired,
            EvictedEntries = removals.Evicted,
            LacksEvictedEntries = current?.LacksEvictedEntries ?? false,
            TopicId = current?.Topic.Id,
            Watchers = changes.Watchers,
            PendingChanges = changes.PendingChanges,
            Start = start,
            Snapshot = snapshot is null ? null : snapshot with { Age = AgeOf(snapshot) },
            Source = current?.Source ?? RecordSourceKind.None,
            Fault = fault,
            FaultText = fault is null ? null : FaultTexts.Of(fault),
            IsReplayRunning = isRunning,
            SinceConfirmed = sinceConfirmed(),
            Reason = reason is not null ? $"{reason}{Problem()}" : isReplaying && positions is not null ? WhatItWaitsFor(positions) : null,
            Partitions = partitions,
        };
    }

    /// <summary>Explains a timed-out wait for the cache to be ready.</summary>
    public string WhyNotReady()
    {
        var (_, current, _, reason) = state.Snapshot();
        if (current is null)
            return $"{reason ?? unanswered}{Problem()}";
        return $"{WhatItWaitsFor(current.Positions) ?? "It has just become ready."}{(reason is null ? "" : " " + reason)}{Problem()}";
    }

    private string Problem() => clientProblem() is { } problem ? $" The Kafka client says: {problem}." : "";

    private string? WhatItWaitsFor(Positions positions)
    {
        var behind = 0;
        PartitionProgress? held = null, slowest = null;
        foreach (var partition in positions.Partitions)
        {
            if (partition.HasReachedTarget)
                continue;
            behind++;
            slowest = slowest is null || partition.Target - partition.Position > slowest.Target - slowest.Position ? partition : slowest;
            if (partition.Position == partition.LastStableOffset && partition.LastStableOffset < partition.HighWatermark)
                held ??= partition;
        }

        if (held is not null)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Partition {held.Partition} of topic '{topic}' is held back by an open transaction: its position and last stable offset "
                + $"are {held.Position}, its high watermark is {held.HighWatermark}, and it is ready at {held.Target}. The replay "
                + $"continues when the producer commits or aborts the transaction, or when its transaction.timeout.ms is over.");
        }

        return slowest is null ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{behind} of {positions.Count} partitions are behind; partition {slowest.Partition} is furthest behind, at "
            + $"{slowest.Position} of {slowest.Target}.");
    }

    // The clock may have been set back since.
    private TimeSpan? AgeOf(SnapshotStatus snapshot)
    {
        var age = time.GetUtcNow() - snapshot.Written;
        return age < TimeSpan.Zero ? TimeSpan.Zero : age;
    }

    private static double Rate(Generation generation)
    {
        var (records, elapsed) = generation.Replay
            ?? new Generation.Replayed(generation.RecordsApplied, generation.Started.ElapsedAwake);
        return elapsed > TimeSpan.Zero ? records / elapsed.TotalSeconds : 0;
    }

    private static TimeSpan? TimeLeft(Generation generation)
    {
        var (total, passed) = generation.Positions.Replayed;
        var elapsed = generation.Started.ElapsedAwake;
        if (elapsed < Settling)
            return null;
        var ticks = elapsed.Ticks * ((double)(total - passed) / passed);
        // If no progress has been made, the ticks are infinite or NaN, and the result is null.
        return ticks < long.MaxValue ? new TimeSpan((long)ticks) : null;
    }

    private PartitionStatus[] Partitions(Generation generation)
    {
        var now = time.GetUtcNow();
        var age = generation.Started.Elapsed;
        var all = generation.Positions.Partitions;
        var partitions = new PartitionStatus[all.Length];
        foreach (var partition in all)
            partitions[partition.Partition] = StatusOf(partition, now, age);
        return partitions;
    }

    private static PartitionStatus StatusOf(PartitionProgress partition, DateTimeOffset now, TimeSpan age)
    {
        // The position is read before the high watermark. At any moment, the high watermark is at least the position, so this order never
        // yields a negative lag.
        var position = partition.Position;
        var highWatermark = partition.HighWatermark;
        DateTimeOffset? lastApplied = partition.LastAppliedTimestampMs is { } timestamp ? RecordTime.Of(timestamp) : null;
        var late = lastApplied is { } applied ? now - applied : age;
        return new PartitionStatus
        {
            Partition = partition.Partition,
            LogStart = partition.LogStart,
            Position = position,
            Target = partition.Target,
            LastStableOffset = partition.LastStableOffset,
            HighWatermark = highWatermark,
            LastAppliedTimestamp = lastApplied,
            LagDuration = position < highWatermark && late > TimeSpan.Zero ? late : TimeSpan.Zero,
        };
    }
}
