using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting.Health;

/// <summary>Adds the checks when the list of checks is first asked for: all caches are known then.</summary>
internal sealed class CacheHealthChecks(IEnumerable<CacheRegistration> registrations) : IConfigureOptions<HealthCheckServiceOptions>
{
    /// <summary>What stands after <c>kafkacache-</c> in the liveness check's name, where a readiness check has its cache's name.</summary>
    public const string Liveness = "live";

    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var cache in Checkable())
        {
            options.Registrations.Add(new HealthCheckRegistration(
                $"kafkacache-{cache.Name}", services => new ReadinessCheck(cache.Cache(services)), HealthStatus.Unhealthy, ["ready"]));
        }

        options.Registrations.Add(new HealthCheckRegistration(
            $"kafkacache-{Liveness}", services => new LivenessCheck([.. registrations.Select(cache => cache.Cache(services))]),
            HealthStatus.Unhealthy, [Liveness]));
    }

    // A name that is given twice, or is the liveness check's, stops the host with words of ours; two checks of one name would do so before,
    // with others.
    private IEnumerable<CacheRegistration> Checkable() => registrations
        .DistinctBy(static cache => cache.Name, StringComparer.OrdinalIgnoreCase)
        .Where(static cache => !cache.Name.Equals(Liveness, StringComparison.OrdinalIgnoreCase));
}
