using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting.Health;

/// <summary>Adds the checks when the list of checks is first requested, because all caches are known by then.</summary>
internal sealed class CacheHealthChecks(IEnumerable<CacheRegistration> registrations) : IConfigureOptions<HealthCheckServiceOptions>
{
    /// <summary>The part of the liveness check's name that follows <c>kafkacache-</c>. A readiness check has the name of its cache in that
    /// place.</summary>
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

    // A name that is given twice, or that the liveness check has, stops the host with a message of ours. Two checks of the same name would
    // stop it earlier, with another message.
    private IEnumerable<CacheRegistration> Checkable() => registrations
        .DistinctBy(static cache => cache.Name, StringComparer.OrdinalIgnoreCase)
        .Where(static cache => !cache.Name.Equals(Liveness, StringComparison.OrdinalIgnoreCase));
}
