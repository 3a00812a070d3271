using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hybrid;

/// <summary>Further settings of a cache that <c>AddKafkaHybridCache</c> has registered.</summary>
public sealed class KafkaHybridCacheBuilder
{
    private readonly KafkaCacheBuilder _cache;

    internal KafkaHybridCacheBuilder(KafkaCacheBuilder cache) => _cache = cache;

    /// <summary>The services that the cache was added to.</summary>
    public IServiceCollection Services => _cache.Services;

    /// <summary>The name of the cache, which is the key of its services.</summary>
    public string Name => _cache.Name;

    /// <summary>Holds back the start of the host until the cache is ready, so that the first requests find the entries of the other
    /// pods.</summary>
    /// <returns>This builder.</returns>
    public KafkaHybridCacheBuilder ServeWhenReady()
    {
        _cache.ServeWhenReady();
        return this;
    }
}
