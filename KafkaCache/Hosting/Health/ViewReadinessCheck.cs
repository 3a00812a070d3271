using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace KafkaCaching.Hosting.Health;

/// <summary>Checks whether requests that read a view should be sent to this instance. The result is that of the view's least healthy
/// cache.</summary>
internal sealed class ViewReadinessCheck(IKafkaCacheView view) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var worst = view.Status;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["cache"] = worst.Cache, ["phase"] = $"{worst.Phase}" };
        return Task.FromResult(new HealthCheckResult(
            ReadinessCheck.HealthOf(worst.Phase), Description(worst), worst.CacheStatus.Fault, data));
    }

    private static string Description(ViewStatus worst) => worst.Phase == CachePhase.Ready
        ? "Ready."
        : $"The cache '{worst.Cache}': {ReadinessCheck.Description(worst.CacheStatus)}";
}
