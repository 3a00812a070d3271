using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hosting.Health;

/// <summary>Adds the health checks when the options of the health check service are first requested, because all caches and views are known
/// by then.</summary>
internal sealed class CacheHealthChecks(IEnumerable<CacheRegistration> registrations, IEnumerable<ViewRegistration> views)
    : IConfigureOptions<HealthCheckServiceOptions>
{
    public void Configure(HealthCheckServiceOptions options)
    {
        foreach (var (name, check) in Checkable())
            options.Registrations.Add(new HealthCheckRegistration($"kafkacache-{name}", check, HealthStatus.Unhealthy, ["ready"]));

        options.Registrations.Add(new HealthCheckRegistration(
            $"kafkacache-{RegisteredCaches.Liveness}",
            services => new LivenessCheck([.. registrations.Select(cache => cache.Cache(services))]), HealthStatus.Unhealthy,
            [RegisteredCaches.Liveness]));
    }

    // If a name is used twice, or is that of the liveness check, the library stops the host with a message of its own. Two health checks
    // with the same name would stop the host earlier, with a less helpful message, so the second check is left out here.
    private IEnumerable<(string Name, Func<IServiceProvider, IHealthCheck> Check)> Checkable() => OfCaches().Concat(OfViews())
        .DistinctBy(static one => one.Name, StringComparer.OrdinalIgnoreCase)
        .Where(static one => !one.Name.Equals(RegisteredCaches.Liveness, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<(string Name, Func<IServiceProvider, IHealthCheck> Check)> OfCaches() => registrations.Select(
        static cache => (cache.Name, (Func<IServiceProvider, IHealthCheck>)(services => new ReadinessCheck(cache.Cache(services)))));

    private IEnumerable<(string Name, Func<IServiceProvider, IHealthCheck> Check)> OfViews() => views.Select(
        static view => (view.Name, (Func<IServiceProvider, IHealthCheck>)(services => new ViewReadinessCheck(view.View(services)))));
}
