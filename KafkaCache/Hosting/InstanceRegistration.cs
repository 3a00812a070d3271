using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hosting;

/// <summary>A cache that was created outside the container. It is registered as an instance and not with a factory, because the container
/// disposes of the objects that a factory returns.</summary>
internal sealed class InstanceRegistration<TKey, TValue>(KafkaCache<TKey, TValue> cache) : CacheRegistration<TKey, TValue>(cache.Name)
    where TKey : notnull
{
    public override CacheFaults Faults(IServiceProvider services) => new(Name, []);

    public override KafkaCache<TKey, TValue> TypedCache(IServiceProvider services) => cache;

    protected override void AddUntyped(IServiceCollection services) => services.AddSingleton<IKafkaCache>(cache);

    protected override ServiceDescriptor Describe<TService>(object? key) => IsRefused<TService>(cache)
        ? new ServiceDescriptor(typeof(TService), key, (_, _) => throw ReadOnly(Name), ServiceLifetime.Singleton)
        : new ServiceDescriptor(typeof(TService), key, cache);
}
