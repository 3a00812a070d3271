using KafkaCaching.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching;

/// <summary>Further settings of a cache that <c>AddKafkaCache</c> has registered.</summary>
public sealed class KafkaCacheBuilder
{
    private readonly CacheRegistration _registration;

    internal KafkaCacheBuilder(IServiceCollection services, CacheRegistration registration)
    {
        Services = services;
        _registration = registration;
    }

    /// <summary>The services that the cache was added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The name of the cache: the key of its services and the name of its options.</summary>
    public string Name => _registration.Name;

    /// <summary>Delays the start of the host until the cache is ready: before then, no hosted service starts and no web server listens. If
    /// the cache faults, or is not ready within <c>ReadyTimeout</c>, the host stops with the cache's error message. Probes are not answered
    /// during the wait either, so in Kubernetes, give the container a startup probe that allows enough time for the replay.</summary>
    /// <returns>This builder.</returns>
    public KafkaCacheBuilder ServeWhenReady()
    {
        _registration.ServesWhenReady = true;
        return this;
    }
}
