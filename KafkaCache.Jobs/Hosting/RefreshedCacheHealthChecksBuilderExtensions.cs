using KafkaCaching.Jobs.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health check of refreshed caches.</summary>
public static class RefreshedCacheHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of all refreshed caches of the container (<c>kafkacache-refreshed</c>, tag <c>ready</c>). A cache without a
    /// version is unhealthy; one whose version is older than its <c>MaxAge</c> is degraded. The description includes the last
    /// failure.</summary>
    /// <param name="builder">The health checks.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddRefreshedCaches(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            "kafkacache-refreshed",
            static services => new RefreshedCacheHealthCheck(services.GetServices<KafkaCaching.Jobs.IRefreshedCache>()),
            HealthStatus.Unhealthy, ["ready"]));
    }
}
