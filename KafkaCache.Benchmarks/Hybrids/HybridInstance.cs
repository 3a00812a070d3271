using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>A pod whose cache is any implementation of <see cref="HybridCache"/>.</summary>
internal sealed class HybridInstance(ServiceProvider services, HybridCache cache) : IHybridInstance
{
    private static readonly HybridCacheEntryOptions NoFactory = new() { Flags = HybridCacheEntryFlags.DisableUnderlyingData };

    public HybridInstance(ServiceProvider services)
        : this(services, services.GetRequiredService<HybridCache>())
    {
    }

    public ServiceProvider Services => services;

    public ValueTask<User> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<User>> factory, params string[] tags) =>
        cache.GetOrCreateAsync(key, factory, static (run, stop) => run(stop), tags: tags.Length == 0 ? null : tags);

    public ValueTask<User> HitAsync(string key) =>
        cache.GetOrCreateAsync<object?, User>(key, null, static (_, _) => throw Samples.NoHit);

    public ValueTask<MutableUser> MutableHitAsync(string key) =>
        cache.GetOrCreateAsync<object?, MutableUser>(key, null, static (_, _) => throw Samples.NoHit);

    public ValueTask<MutableUser> CreateMutableAsync(string key, Func<CancellationToken, ValueTask<MutableUser>> factory) =>
        cache.GetOrCreateAsync(key, factory, static (run, stop) => run(stop));

    public ValueTask<User?> ReadAsync(string key) =>
        cache.GetOrCreateAsync(key, default(object), static (_, _) => ValueTask.FromResult<User?>(null), NoFactory);

    public ValueTask SetAsync(string key, User value) => cache.SetAsync(key, value);

    public ValueTask RemoveByTagAsync(string tag) => cache.RemoveByTagAsync(tag);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
