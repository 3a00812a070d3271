using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Jobs;

/// <summary>Provides further settings for a cache that <c>AddRefreshedCache</c> has registered.</summary>
public sealed class RefreshedCacheBuilder
{
    private readonly Action _serveWhenReady;

    internal RefreshedCacheBuilder(IServiceCollection services, string name, Action serveWhenReady) =>
        (Services, Name, _serveWhenReady) = (services, name, serveWhenReady);

    /// <summary>The services that the cache was added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The name of the cache: the key of its services and the name of its options.</summary>
    public string Name { get; }

    /// <summary>Delays the start of the hosted services that are added after the first refreshed cache, including the web server, until
    /// the cache has a version. If it has none within <c>ReadyTimeout</c>, the host stops with a message that states the reason.</summary>
    /// <returns>This builder.</returns>
    public RefreshedCacheBuilder ServeWhenReady()
    {
        _serveWhenReady();
        return this;
    }
}
