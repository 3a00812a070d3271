using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>A pod with FusionCache, by its own methods: they are faster than its adapter to HybridCache.</summary>
internal sealed class FusionInstance(ServiceProvider services) : IHybridInstance
{
    private readonly IFusionCache _cache = services.GetRequiredService<IFusionCache>();

    public ValueTask<User> GetOrCreateAsync(string key, Func<CancellationToken, ValueTask<User>> factory, params string[] tags) =>
        _cache.GetOrSetAsync<User>(
            key, async (_, stop) => await factory(stop), options: null, tags: tags.Length == 0 ? null : tags);

    public async ValueTask<User?> ReadAsync(string key) => (await _cache.TryGetAsync<User>(key)).GetValueOrDefault();

    public ValueTask SetAsync(string key, User value) => _cache.SetAsync(key, value);

    public ValueTask RemoveByTagAsync(string tag) => _cache.RemoveByTagAsync(tag);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
