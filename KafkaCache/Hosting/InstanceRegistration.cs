using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Hosting;

/// <summary>A cache that there was before the container. It is registered as an instance, never by a factory: what a factory gives, the container disposes of.</summary>
internal sealed class InstanceRegistration<TKey, TValue>(CacheHandle<TKey, TValue> handle) : CacheRegistration<TKey, TValue>(handle.Name)
    where TKey : notnull
{
    public override CacheFaults Faults(IServiceProvider services) => new(Name, []);

    public override CacheHandle<TKey, TValue> Handle(IServiceProvider services) => handle;

    protected override void AddHandle(IServiceCollection services) => services.AddSingleton<ICacheHandle>(handle);

    protected override ServiceDescriptor Describe<TService>(object? key) => IsRefused<TService>(handle)
        ? new ServiceDescriptor(typeof(TService), key, (_, _) => throw ReadOnly(Name), ServiceLifetime.Singleton)
        : new ServiceDescriptor(typeof(TService), key, handle.Cache);
}
