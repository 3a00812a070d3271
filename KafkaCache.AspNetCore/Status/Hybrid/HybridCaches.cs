using KafkaCaching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.AspNetCore.Status.Hybrid;

/// <summary>The hybrid caches of a container.</summary>
internal static class HybridCaches
{
    /// <returns>The hybrid cache of a name; <see langword="null"/> if the cache of that name is none.</returns>
    public static KafkaHybridCache? FindHybridCache(this IServiceProvider services, string name) =>
        services.GetKeyedService<KafkaHybridCache>(name);
}
