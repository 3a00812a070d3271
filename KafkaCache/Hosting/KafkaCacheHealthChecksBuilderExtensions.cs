using KafkaCaching.Hosting.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health checks of caches.</summary>
public static class KafkaCacheHealthChecksBuilderExtensions
{
    /// <summary>Adds a readiness check for each cache of the container (<c>kafkacache-&lt;name&gt;</c>, tag <c>ready</c>), added before
    /// this call or after, and one liveness check for all of them (<c>kafkacache-live</c>, tag <c>live</c>). Ready: starting, replaying,
    /// faulted and stopped are unhealthy, stale is degraded, rebuilding and ready are healthy. Live: unhealthy only when a replay has died
    /// without telling a fault; never for what a restart can't mend.</summary>
    /// <param name="builder">The health checks.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddKafkaCaches(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HealthCheckServiceOptions>, CacheHealthChecks>());
        return builder;
    }
}
