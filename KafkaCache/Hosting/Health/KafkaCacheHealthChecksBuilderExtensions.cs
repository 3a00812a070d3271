using KafkaCaching.Hosting.Health;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the health checks of caches.</summary>
public static class KafkaCacheHealthChecksBuilderExtensions
{
    /// <summary>Adds a readiness check for each cache and view of the container (<c>kafkacache-&lt;name&gt;</c>, tag <c>ready</c>), whether
    /// the cache or view is added before or after this call, and one liveness check for all caches (<c>kafkacache-live</c>, tag
    /// <c>live</c>). A starting, replaying, faulted or stopped cache is not ready (unhealthy), a stale one is degraded, and a rebuilding or
    /// ready one is healthy. A view is as healthy as its least healthy cache. The liveness check is unhealthy only if a replay thread has
    /// ended without reporting a fault, and never because of a problem that a restart can't solve.</summary>
    /// <param name="builder">The health checks.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddKafkaCaches(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HealthCheckServiceOptions>, CacheHealthChecks>());
        return builder;
    }
}
