using KafkaCaching;
using KafkaCaching.Prometheus;
using KafkaCaching.Prometheus.Bridge;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Exports the metrics of an application's caches through prometheus-net.</summary>
public static class KafkaCachePrometheusServiceCollectionExtensions
{
    /// <summary>Exports the metrics of every cache of the application to a registry of prometheus-net, from the creation of the cache, with
    /// the names, types and labels of <c>docs/metrics.md</c>. This includes the caches of the container's meter factory and the caches
    /// without a factory, but not those of another host's factory. From this call on, prometheus-net's own adapter ignores these metrics.
    /// The order of this call and <c>AddKafkaCache</c> doesn't matter, and a second call with the same registry changes nothing.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="registry">The registry. Default: <see cref="Metrics.DefaultRegistry"/>, which <c>MapMetrics()</c> serves.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    public static IServiceCollection AddKafkaCachePrometheus(this IServiceCollection services, CollectorRegistry? registry = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        registry ??= Metrics.DefaultRegistry;
        MeterAdapterExclusion.Apply();
        if (services.Any(service => service.ServiceType == typeof(ContainerBridge) && ReferenceEquals(service.ServiceKey, registry)))
            return services;

        services.AddKeyedSingleton(registry, (provider, _) => new ContainerBridge(registry, provider));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<ContainerBridge>(registry));
        services.AddSingleton<ICacheListener>(provider => provider.GetRequiredKeyedService<ContainerBridge>(registry));
        return services;
    }
}
