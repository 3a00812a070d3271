using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>A pod with FusionCache, used through its own API, which is faster than its adapter to HybridCache.</summary>
internal sealed class FusionInstance(ServiceProvider services) : IHybridInstance
{
    private static readonly Func<FusionCacheFactoryExecutionContext<User>, CancellationToken, Task<User>> NoHit =
        static (_, _) => throw Samples.NoHit;

    private static readonly Func<FusionCacheFactoryExecutionContext<MutableUser>, CancellationToken, Task<MutableUser>> NoMutableHit =
        static (_, _) => throw Samples.NoHit;

    private readonly IFusionCache _cache = services.GetRequiredService<IFusionCache>();

    public ValueTask<User> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<User>> factory, params string[] tags) =>
        _cache.GetOrSetAsync<User>(
            key, async (_, stop) => await factory(stop), options: null, tags: tags.Length == 0 ? null : tags);

    public ValueTask<User> HitAsync(string key) => _cache.GetOrSetAsync<User>(key, NoHit);

    public ValueTask<MutableUser> MutableHitAsync(string key) => _cache.GetOrSetAsync<MutableUser>(key, NoMutableHit);

    public ValueTask<MutableUser> CreateMutableAsync(string key, Func<CancellationToken, ValueTask<MutableUser>> factory) =>
        _cache.GetOrSetAsync<MutableUser>(key, async (_, stop) => await factory(stop));

    public async ValueTask<User?> ReadAsync(string key) => (await _cache.TryGetAsync<User>(key)).GetValueOrDefault();

    public ValueTask SetAsync(string key, User value) => _cache.SetAsync(key, value);

    public ValueTask RemoveByTagAsync(string tag) => _cache.RemoveByTagAsync(tag);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
