using KafkaCaching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>Finds the hybrid caches of a container.</summary>
internal static class HybridCaches
{
    /// <returns>The hybrid cache with this name; <see langword="null"/> if the cache with this name is not a hybrid cache.</returns>
    public static KafkaHybridCache? FindHybridCache(this IServiceProvider services, string name) =>
        services.GetKeyedService<KafkaHybridCache>(name);
}
