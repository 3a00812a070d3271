using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>Checks that the refreshed caches have a version that is not too old.</summary>
internal sealed class RefreshedCacheHealthCheck(IEnumerable<IRefreshedCache> caches) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var faults = caches.Select(static cache => Fault(cache.Name, cache.Status)).OfType<(bool IsMissing, string Text)>().ToList();
        var text = string.Join(" ", faults.Select(static one => one.Text));
        return Task.FromResult(
            faults.Count == 0 ? HealthCheckResult.Healthy()
            : faults.Any(static one => one.IsMissing) ? new HealthCheckResult(context.Registration.FailureStatus, text)
            : HealthCheckResult.Degraded(text));
    }

    private static (bool IsMissing, string Text)? Fault(string name, RefreshedCacheStatus status) =>
        status.Version is null ? (true, $"'{name}' has no version yet. {status.LastFailure}".TrimEnd())
        : status.IsTooOld ? (false, $"'{name}' is {status.Age} old. {status.LastFailure}".TrimEnd())
        : null;
}
