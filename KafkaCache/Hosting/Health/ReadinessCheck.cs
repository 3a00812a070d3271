using System.Globalization;
using KafkaCaching.Generations;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Hosting.Health;

/// <summary>Checks whether requests should be sent to this instance. A stale cache is degraded, not unhealthy, because an outage of Kafka
/// must not take all instances out of service while they can still serve.</summary>
internal sealed class ReadinessCheck(IKafkaCache cache) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = cache.Status;
        return Task.FromResult(new HealthCheckResult(HealthOf(status.Phase), Description(status), status.Fault, Data(status)));
    }

    public static HealthStatus HealthOf(CachePhase phase) => phase switch
    {
        CachePhase.Ready or CachePhase.Rebuilding => HealthStatus.Healthy,
        CachePhase.Stale => HealthStatus.Degraded,
        _ => HealthStatus.Unhealthy,
    };

    public static string Description(CacheStatus status) => status switch
    {
        { Fault: { } fault } => $"Faulted. {CacheState.MessageOf(fault)}",
        { Reason: { } reason } => $"{status.Phase}. {reason}",
        { Phase: CachePhase.Starting } => "Starting. The brokers have not answered about the topic yet.",
        { Phase: CachePhase.Replaying } => string.Create(CultureInfo.InvariantCulture, $"Replaying. {status.Progress:P0} done."),
        { Phase: CachePhase.Stale } => "Stale. For longer than StaleAfter the brokers have not confirmed that the cache keeps up.",
        { Phase: CachePhase.Rebuilding } => "Rebuilding. Reads are served from the previous entries.",
        { Phase: CachePhase.Stopped } => "Stopped. The cache has been disposed of.",
        _ => "Ready.",
    };

    private Dictionary<string, object> Data(CacheStatus status)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["topic"] = cache.Topic,
            ["phase"] = $"{status.Phase}",
            ["progress"] = status.Progress,
            ["secondsSinceConfirmed"] = status.SinceConfirmed.TotalSeconds,
        };
        if (status is { Snapshot: not null, Start: { } start })
            data["start"] = start.IsWarm ? "warm" : $"cold: {start.Reason}";
        if (status.Snapshot is { Age: { } snapshotAge })
            data["snapshotAgeSeconds"] = snapshotAge.TotalSeconds;
        if (status.Partitions.MaxBy(static partition => partition.Lag) is not { } worst)
            return data;
        data["lag"] = status.Partitions.Sum(static partition => partition.Lag);
        data["lagSeconds"] = status.Partitions.Max(static partition => partition.LagDuration).TotalSeconds;
        data["worstPartition"] = worst.Partition;
        data["worstPartitionLag"] = worst.Lag;
        return data;
    }
}
