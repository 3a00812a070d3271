using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hosting;

/// <summary>A cache that the container makes, of options, and disposes of.</summary>
internal sealed class OptionsRegistration<TKey, TValue>(string name, IConfiguration? section) : CacheRegistration<TKey, TValue>(name)
    where TKey : notnull
{
    public IConfiguration? Section => section;

    public override CacheFaults Faults(IServiceProvider services) => Settings(services).Faults;

    public override CacheHandle<TKey, TValue> Handle(IServiceProvider services) => services.GetRequiredKeyedService<CacheOwner<TKey, TValue>>(this).Handle;

    protected override void AddHandle(IServiceCollection services)
    {
        services.AddKeyedSingleton(this, (provider, _) => new CacheSettings<TKey, TValue>(provider, this));
        services.AddKeyedSingleton(this, (provider, _) => Start(provider));
        services.AddSingleton<ICacheHandle>(HandOut);
    }

    protected override ServiceDescriptor Describe<TService>(object? key) => new(
        typeof(TService),
        key,
        (provider, _) => HandOut(provider) is var handle && IsRefused<TService>(handle) ? throw ReadOnly(Name) : handle.Cache,
        ServiceLifetime.Singleton);

    private CacheSettings<TKey, TValue> Settings(IServiceProvider services) => services.GetRequiredKeyedService<CacheSettings<TKey, TValue>>(this);

    private CacheOwner<TKey, TValue> Start(IServiceProvider services)
    {
        services.GetRequiredService<RegisteredCaches>().ThrowIfFaulty();
        _ = services.GetServices<ICacheListener>();
        return new CacheOwner<TKey, TValue>(Settings(services).Start(), services.GetRequiredService<CacheEnds>());
    }

    // To whoever is not of the library itself.
    private CacheHandle<TKey, TValue> HandOut(IServiceProvider services)
    {
        var handle = Handle(services);
        services.GetRequiredService<CacheEnds>().HandedOut();
        return handle;
    }
}
