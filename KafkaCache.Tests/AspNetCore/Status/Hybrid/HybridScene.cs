using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.Status.Hybrid;

/// <summary>A service with a hybrid cache that contains a few users, and another pod with the same cache.</summary>
internal sealed class HybridScene : IAsyncDisposable
{
    // This clock starts at the same time as the host's clock.
    private readonly InMemoryTopic _topic = new(time: new FakeTimeProvider(DateTimeOffset.UnixEpoch));

    private static readonly string[] Users = ["users"];
    private static readonly string[] Admins = ["users", "admins"];

    private HybridPod? _other;

    public void AddTo(IServiceCollection services) => services.AddKafkaHybridCache("web", options =>
    {
        options.Log = _topic;
        options.Topic = "web";
        options.Store.MemoryBudget = 64L << 20;
    });

    /// <summary>Fills the cache from the other pod, and waits until the service has applied the records.</summary>
    public async Task<HybridPod> FillAsync(StatusHost host)
    {
        var stop = TestContext.Current.CancellationToken;
        _other = await HybridPod.ReadyAsync(_topic, host.Time);
        await _other.Cache.SetAsync("user/1", "Ada", tags: Users, cancellationToken: stop);
        await _other.Cache.SetAsync("user/2", "Grace", tags: Admins, cancellationToken: stop);
        await _other.Cache.SetAsync("page/1", new string('p', 4_000), cancellationToken: stop);
        var cache = host.Services.GetRequiredService<KafkaHybridCache>();
        await cache.Cache.WaitUntilReadyAsync(stop);
        await Eventually.TrueAsync(() => cache.TryGet<string>("page/1", out _) && cache.TryGet<string>("user/2", out _));
        return _other;
    }

    public ValueTask DisposeAsync() => _other?.DisposeAsync() ?? default;
}
