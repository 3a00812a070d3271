using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Hosting.Health;

/// <summary>Checks whether a restart of the process would help. It would help only if a replay thread has ended without reporting a fault,
/// which is an error in the library. A cache that faulted because of a record would fault at the same record after a restart, and a process
/// that can't reach Kafka would have no data at all after a restart.</summary>
internal sealed class LivenessCheck(IReadOnlyList<IKafkaCache> caches) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] dead = [.. caches.Where(IsDead).Select(static cache => $"'{cache.Name}'")];
        return Task.FromResult(dead.Length == 0
            ? HealthCheckResult.Healthy("Every replay is running, or has reported why it ended.")
            : HealthCheckResult.Unhealthy(
                $"The replay has ended without reporting a fault: {string.Join(", ", dead)}. Restart the process, and report this error "
                + "with the log."));
    }

    private static bool IsDead(IKafkaCache cache) =>
        cache.Status is { IsReplayRunning: false, Phase: not (CachePhase.Faulted or CachePhase.Stopped) };
}
