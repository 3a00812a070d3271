using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Locking.Distributed.Redis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>The contenders that keep their entries in Redis and in each pod's memory, configured according to their
/// documentation.</summary>
internal static class RedisContenders
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(10);

    public static HybridContender Microsoft(string redis, int instances) =>
        HybridContender.Open("Microsoft.Extensions.Caching.Hybrid", instances, isCoherent: false, _ =>
        {
            var services = new ServiceCollection();
            services.AddStackExchangeRedisCache(options => (options.Configuration, options.InstanceName) = (redis, "hybrid:"));
            services.AddHybridCache(options => options.DefaultEntryOptions = new()
            {
                Expiration = TimeToLive, LocalCacheExpiration = TimeToLive,
            });
            return new HybridInstance(services.BuildServiceProvider());
        });

    public static HybridContender Fusion(string redis, int instances) =>
        HybridContender.Open("FusionCache", instances, isCoherent: true, _ => new FusionInstance(FusionServices(redis)));

    /// <summary>FusionCache behind <c>HybridCache</c>, in one pod only, because only its hits are measured.</summary>
    public static HybridContender FusionAsHybrid(string redis) =>
        HybridContender.Open("FusionCache as HybridCache", instances: 1, isCoherent: true, _ => new HybridInstance(FusionServices(redis)));

    private static ServiceProvider FusionServices(string redis)
    {
        var services = new ServiceCollection();
        services.AddFusionCache()
            .WithDefaultEntryOptions(options => options.Duration = TimeToLive)
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithDistributedCache(_ => new RedisCache(new RedisCacheOptions { Configuration = redis, InstanceName = "fusion:" }))
            .WithBackplane(new RedisBackplane(new RedisBackplaneOptions { Configuration = redis }))
            .WithDistributedLocker(new RedisDistributedLocker(new RedisDistributedLockerOptions { Configuration = redis }))
            .AsHybridCache();
        return services.BuildServiceProvider();
    }
}
