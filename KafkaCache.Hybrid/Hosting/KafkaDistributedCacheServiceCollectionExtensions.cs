using KafkaCaching.Hybrid;
using KafkaCaching.Hybrid.Distributed;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds distributed caches to an application.</summary>
public static class KafkaDistributedCacheServiceCollectionExtensions
{
    /// <summary>Adds an <see cref="IDistributedCache"/> over the topic of a hybrid cache, for sessions and similar data. Reads are served
    /// from memory. Absolute and sliding expirations are supported; reads of an entry with a sliding expiration write it again, at most
    /// once per half window. The first distributed cache that is added is resolved as <see cref="IDistributedCache"/> and
    /// <see cref="IBufferDistributedCache"/>; each can also be resolved with its name as the key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The name that <c>AddKafkaHybridCache</c> was given.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddKafkaDistributedCache(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddKeyedSingleton<IBufferDistributedCache>(
            name, (provider, _) => new KafkaDistributedCache(provider.GetRequiredKeyedService<KafkaHybridCache>(name)));
        services.AddKeyedSingleton<IDistributedCache>(
            name, static (provider, key) => provider.GetRequiredKeyedService<IBufferDistributedCache>(key));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<IBufferDistributedCache>(name));
        services.TryAddSingleton<IDistributedCache>(provider => provider.GetRequiredKeyedService<IBufferDistributedCache>(name));
        return services;
    }
}
