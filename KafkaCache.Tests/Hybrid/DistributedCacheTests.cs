using System.Buffers;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The distributed cache over a hybrid cache's topic.</summary>
public sealed class DistributedCacheTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public DistributedCacheTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<HybridPod> ReadyAsync() =>
        HybridPod.ReadyAsync(_topic, _clock, add: static services => services.AddKafkaDistributedCache("web"));

    private static IBufferDistributedCache CacheOf(HybridPod pod) => pod.Services.GetRequiredService<IBufferDistributedCache>();

    // An extension ends on a thread of the pool, some time after its record is applied. Until then the next one does not begin.
    private static Task NoneIsExtendedAsync(HybridPod pod, string key) => Eventually.TrueAsync(() =>
    {
        var extensions = pod.Cache.Parts.Extensions;
        var topicKey = RecordKeys.OfDistributed(key);
        if (!extensions.TryBegin(topicKey))
            return false;
        extensions.End(topicKey);
        return true;
    });

    [Fact]
    public async Task What_one_pod_sets_another_gets()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        await CacheOf(one).SetAsync("session", [1, 2], new DistributedCacheEntryOptions(), Token);
        await CacheOf(one).SetAsync("empty", [], new DistributedCacheEntryOptions(), Token);
        await _topic.SettleAsync(Token);
        Assert.Equal([1, 2], await CacheOf(two).GetAsync("session", Token));
        Assert.Empty(CacheOf(two).Get("empty")!);
        Assert.Null(await CacheOf(two).GetAsync("other", Token));
        var buffer = new ArrayBufferWriter<byte>();
        Assert.True(CacheOf(two).TryGet("session", buffer));
        Assert.Equal([1, 2], buffer.WrittenSpan.ToArray());
        await CacheOf(two).RemoveAsync("session", Token);
        await _topic.SettleAsync(Token);
        Assert.Null(CacheOf(one).Get("session"));
    }

    [Fact]
    public async Task It_shares_no_keys_with_the_hybrid_cache_and_a_star_leaves_it_alone()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", "hybrid", cancellationToken: Token);
        await CacheOf(pod).SetAsync("k", [1], new DistributedCacheEntryOptions(), Token);
        await pod.Cache.RemoveByTagAsync("*", Token);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.Equal([1], CacheOf(pod).Get("k"));
    }

    [Fact]
    public async Task An_absolute_expiration_ends_an_entry()
    {
        await using var pod = await ReadyAsync();
        var at = new DistributedCacheEntryOptions { AbsoluteExpiration = _clock.GetUtcNow() + TimeSpan.FromMinutes(5) };
        await CacheOf(pod).SetAsync("k", [1], at, Token);
        // The store may end an entry up to a 1024th of its time to live early, and never late.
        _clock.Advance(TimeSpan.FromMinutes(5) * (1 - 1.0 / 1024) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(CacheOf(pod).Get("k"));
        _clock.SetUtcNow(at.AbsoluteExpiration.Value);
        Assert.Null(CacheOf(pod).Get("k"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CacheOf(pod).SetAsync("k", [1], at, Token));
    }

    [Fact]
    public async Task A_sliding_expiration_is_extended_by_reads_with_one_record_per_half_window()
    {
        await using var pod = await ReadyAsync();
        var sliding = new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(10) };
        await CacheOf(pod).SetAsync("k", [1], sliding, Token);
        for (var minute = 0; minute < 30; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal([1], CacheOf(pod).Get("k"));
            CacheOf(pod).Refresh("k");
            await _topic.SettleAsync(Token);
            await NoneIsExtendedAsync(pod, "k");
        }

        Assert.Equal(2 + 6, _topic.Records.Count);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(CacheOf(pod).Get("k"));
    }

    [Fact]
    public async Task An_extension_does_not_bring_back_what_another_pod_has_removed()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        var sliding = new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromMinutes(10) };
        await CacheOf(one).SetAsync("k", [1], sliding, Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromMinutes(6));
        _topic.Stall();
        var removal = CacheOf(two).RemoveAsync("k", Token);
        Assert.NotNull(CacheOf(one).Get("k")); // and extends it, after the removal
        _topic.Resume();
        await removal;
        await _topic.SettleAsync(Token);
        Assert.Equal(5, _topic.Records.Count);
        Assert.Null(CacheOf(one).Get("k"));
        Assert.Null(CacheOf(two).Get("k"));
    }

    [Fact]
    public async Task A_sliding_expiration_does_not_outlive_the_absolute_one()
    {
        await using var pod = await ReadyAsync();
        var both = new DistributedCacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromMinutes(10), AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(12),
        };
        await CacheOf(pod).SetAsync("k", [1], both, Token);
        _clock.Advance(TimeSpan.FromMinutes(8));
        Assert.NotNull(CacheOf(pod).Get("k"));
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromMinutes(3.9));
        Assert.NotNull(CacheOf(pod).Get("k"));
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Null(CacheOf(pod).Get("k"));
    }
}
