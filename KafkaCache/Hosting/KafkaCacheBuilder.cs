using KafkaCaching.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching;

/// <summary>What <c>AddKafkaCache</c> has registered, to say more about it.</summary>
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

    /// <summary>Holds the host's start back until the cache is ready: no hosted service starts before, and no web server listens. A fault,
    /// or <c>ReadyTimeout</c>, stops the host with what the cache says. While it waits nobody answers probes either: in Kubernetes give the
    /// container a startup probe that allows for the replay.</summary>
    /// <returns>This builder.</returns>
    public KafkaCacheBuilder ServeWhenReady()
    {
        _registration.ServesWhenReady = true;
        return this;
    }
}
