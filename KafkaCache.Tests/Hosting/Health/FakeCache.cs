using KafkaCaching.Hosting;

namespace KafkaCaching.Tests.Hosting.Health;

/// <summary>A cache that is just as a test says.</summary>
internal sealed class FakeCache(CachePhase phase) : IHostedCache
{
    public string Name => "users";

    public string Topic => "users-v1";

    public bool IsReadOnly => true;

    public bool IsReplayRunning { get; init; } = true;

    public TimeSpan SinceConfirmed => TimeSpan.FromSeconds(1.5);

    public CacheStatus Status { get; init; } = Of(phase);

    public static CacheStatus Of(CachePhase phase) => new()
    {
        Phase = phase,
        Progress = 0.25,
        Entries = 0,
        MemoryBytes = 0,
        RecordsApplied = 0,
        RecordErrors = 0,
        Fault = phase == CachePhase.Faulted ? new IOException("no such disk") : null,
        Partitions = [],
    };

    public static PartitionStatus Partition(int partition, long position, long highWatermark, double lagSeconds) => new()
    {
        Partition = partition,
        LogStart = 0,
        Position = position,
        Target = 0,
        LastStableOffset = highWatermark,
        HighWatermark = highWatermark,
        LagDuration = TimeSpan.FromSeconds(lagSeconds),
    };

    public FoundEntry? Find(string key) => throw new NotSupportedException();

    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
