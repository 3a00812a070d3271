using KafkaCaching.AspNetCore.OutputCaching;
using KafkaCaching.Hybrid;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the store for output caching.</summary>
public static class KafkaOutputCacheServiceCollectionExtensions
{
    /// <summary>Keeps the responses of ASP.NET Core's output cache in a hybrid cache that <c>AddKafkaHybridCache</c> has added. All pods
    /// share the responses, and a tag that is evicted in one pod is evicted in all. The tags are shared with the hybrid cache:
    /// <c>RemoveByTagAsync("users")</c> invalidates the values and the responses with that tag, and so does
    /// <c>EvictByTagAsync</c>.</summary>
    /// <remarks>A response is stored for the time that its policy sets, up to <c>MaxTimeToLive</c>. It is not stored if the policy disables
    /// <c>AllowCacheLookup</c>, because a lookup must come first. An eviction while the endpoint runs, in any pod, keeps the response from
    /// being served.</remarks>
    /// <param name="services">The application's services, after <c>AddOutputCache</c>.</param>
    /// <param name="name">The name of the hybrid cache.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddKafkaOutputCacheStore(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddHttpContextAccessor();
        services.AddKeyedSingleton<IHybridCacheSerializer<OutputPage>>(name, new OutputPageSerializer());
        services.Replace(ServiceDescriptor.Singleton<IOutputCacheStore>(provider =>
            ActivatorUtilities.CreateInstance<KafkaOutputCacheStore>(provider, provider.GetRequiredKeyedService<KafkaHybridCache>(name))));
        return services;
    }
}
