using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting.Health;

/// <summary>Adds the checks when the list of checks is first asked for: all caches are known then.</summary>
internal sealed class CacheHealthChecks(IEnumerable<CacheRegistration> registrations) : IConfigureOptions<HealthCheckServiceOptions>
{
    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var cache in registrations)
        {
            options.Registrations.Add(new HealthCheckRegistration(
                $"kafkacache-{cache.Name}", services => new ReadinessCheck(cache.Cache(services)), HealthStatus.Unhealthy, ["ready"]));
        }

        options.Registrations.Add(new HealthCheckRegistration(
            "kafkacache-live", services => new LivenessCheck([.. registrations.Select(cache => cache.Cache(services))]), HealthStatus.Unhealthy, ["live"]));
    }
}
