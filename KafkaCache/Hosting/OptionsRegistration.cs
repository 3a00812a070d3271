using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hosting;

/// <summary>A cache that the container creates from options and disposes of.</summary>
internal sealed class OptionsRegistration<TKey, TValue>(string name, IConfiguration? section) : CacheRegistration<TKey, TValue>(name)
    where TKey : notnull
{
    public IConfiguration? Section => section;

    public override CacheFaults Faults(IServiceProvider services) => Settings(services).Faults;

    public override KafkaCache<TKey, TValue> TypedCache(IServiceProvider services) =>
        services.GetRequiredKeyedService<CacheOwner<TKey, TValue>>(this).Cache;

    protected override void AddUntyped(IServiceCollection services)
    {
        services.AddKeyedSingleton(this, (provider, _) => new CacheSettings<TKey, TValue>(provider, this));
        services.AddKeyedSingleton(this, (provider, _) => Start(provider));
        services.AddSingleton<IKafkaCache>(HandOut);
    }

    protected override ServiceDescriptor Describe<TService>(object? key) => new(
        typeof(TService),
        key,
        (provider, _) => HandOut(provider) is var cache && IsRefused<TService>(cache) ? throw ReadOnly(Name) : cache,
        ServiceLifetime.Singleton);

    private CacheSettings<TKey, TValue> Settings(IServiceProvider services) =>
        services.GetRequiredKeyedService<CacheSettings<TKey, TValue>>(this);

    private CacheOwner<TKey, TValue> Start(IServiceProvider services)
    {
        services.GetRequiredService<RegisteredCaches>().ThrowIfFaulty();
        _ = services.GetServices<ICacheListener>();
        return new CacheOwner<TKey, TValue>(Settings(services).Start(), services.GetRequiredService<CacheEnds>());
    }

    // Called when the cache is injected into code outside the library.
    private KafkaCache<TKey, TValue> HandOut(IServiceProvider services)
    {
        var cache = TypedCache(services);
        services.GetRequiredService<CacheEnds>().HandedOut();
        return cache;
    }
}
