using KafkaCaching.Generations;
using KafkaCaching.Replay.Errors;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>Typical statuses of caches.</summary>
internal static class Statuses
{
    public static CacheStatus Ready(int partitions = 4, long lag = 0) => new()
    {
        Phase = CachePhase.Ready,
        Progress = 1,
        EstimatedTimeToReady = TimeSpan.Zero,
        TimeToReady = TimeSpan.FromSeconds(3.2),
        Entries = 52_340,
        MemoryBytes = 148L << 20,
        MemoryBudgetBytes = 256L << 20,
        RecordsApplied = 1_234_567,
        BytesApplied = 812_000_000,
        RecordErrors = 0,
        Partitions = [
            .. Enumerable.Range(0, partitions)
                .Select(partition => Partition(partition, 308_000 + (partition * 1_237L), partition == 0 ? lag : 0)),
        ],
    };

    public static CacheStatus Replaying(double progress) => Ready() with
    {
        Phase = CachePhase.Replaying,
        Progress = progress,
        EstimatedTimeToReady = TimeSpan.FromSeconds(20 * (1 - progress)),
        TimeToReady = null,
        Entries = (long)(52_340 * progress),
        RecordsApplied = (long)(1_234_567 * progress),
        BytesApplied = (long)(812_000_000 * progress),
        RecordsPerSecond = 61_700,
        Reason = "3 of 4 partitions are behind; partition 2 is furthest behind, at 120000 of 310474.",
        Partitions = [
            .. Enumerable.Range(0, 4)
                .Select(partition => Partition(partition, (long)(308_000 * progress), (long)(308_000 * (1 - progress)))),
        ],
    };

    public static CacheStatus Stale() => Ready(lag: 1_204) with
    {
        Phase = CachePhase.Stale,
        Reason = "The brokers have not answered for 42 s.",
    };

    public static CacheStatus Faulted(Exception fault) =>
        Ready() with { Phase = CachePhase.Faulted, Fault = fault, FaultText = FaultTexts.Of(fault) };

    public static CacheStatus Empty(CachePhase phase = CachePhase.Starting) => new()
    {
        Phase = phase,
        Progress = 0,
        Entries = 0,
        MemoryBytes = 0,
        RecordsApplied = 0,
        RecordErrors = 0,
        Partitions = [],
    };

    public static PartitionStatus Partition(int partition, long position, long lag) => new()
    {
        Partition = partition,
        LogStart = 0,
        Position = position,
        Target = position,
        LastStableOffset = position + lag,
        HighWatermark = position + lag,
        LagDuration = TimeSpan.FromMilliseconds(lag * 2.5),
    };
}
