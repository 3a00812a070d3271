using System.Buffers;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Logs;
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

    private Task<HybridPod> ReadyAsync(ITopicLog? log = null) =>
        HybridPod.ReadyAsync(log ?? _topic, _clock, add: static services => services.AddKafkaDistributedCache("web"));

    private static IBufferDistributedCache CacheOf(HybridPod pod) => pod.Services.GetRequiredService<IBufferDistributedCache>();

    // An extension ends on a pool thread, slightly after its record has been applied. No other extension of the entry begins before that.
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
        // The store may let an entry expire early, by up to 1/1024 of its time to live, but never late.
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
        Assert.NotNull(CacheOf(one).Get("k")); // This read also extends the entry, after the removal.
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

    [Fact]
    public async Task An_entry_that_is_read_right_before_its_absolute_expiration_ends_in_time()
    {
        await using var pod = await ReadyAsync();
        var both = new DistributedCacheEntryOptions
        {
            SlidingExpiration = TimeSpan.FromSeconds(10), AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(10),
        };
        await CacheOf(pod).SetAsync("k", [1], both, Token);
        _clock.Advance(TimeSpan.FromMilliseconds(9_999.5));
        Assert.NotNull(CacheOf(pod).Get("k"));
        await NoneIsExtendedAsync(pod, "k");
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromMilliseconds(0.5));
        Assert.Null(CacheOf(pod).Get("k"));
        Assert.Equal(2, _topic.Records.Count);
    }

    [Fact]
    public async Task An_expiration_in_the_far_future_or_within_a_second_is_accepted()
    {
        await using var pod = await ReadyAsync();
        await CacheOf(pod).SetAsync(
            "never", [1], new DistributedCacheEntryOptions { AbsoluteExpiration = DateTimeOffset.MaxValue }, Token);
        await CacheOf(pod).SetAsync("sliding", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.MaxValue }, Token);
        await CacheOf(pod).SetAsync(
            "soon", [1], new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMilliseconds(500) }, Token);
        _clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.NotNull(CacheOf(pod).Get("soon"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(CacheOf(pod).Get("soon"));
        _clock.Advance(TimeSpan.FromDays(30));
        Assert.NotNull(CacheOf(pod).Get("never"));
        Assert.NotNull(CacheOf(pod).Get("sliding"));
        await CacheOf(pod).RemoveAsync("sliding", Token);
        Assert.Null(CacheOf(pod).Get("sliding"));
    }

    [Theory]
    [InlineData("\0dc/k", 1)]
    [InlineData("\0key/\0dc/k", 2)]
    public async Task While_a_set_is_under_way_readers_get_the_old_or_the_new_value_and_never_a_miss(string slow, byte expected)
    {
        var puts = new HeldPuts(_topic);
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync(puts);
        await CacheOf(one).SetAsync("k", [1], new DistributedCacheEntryOptions(), Token);
        puts.Hold(slow);
        var set = CacheOf(two).SetAsync("k", [2], new DistributedCacheEntryOptions(), Token);
        await _topic.SettleAsync(Token);
        Assert.Equal([expected], CacheOf(one).Get("k")!);
        puts.Release();
        await set;
        await _topic.SettleAsync(Token);
        Assert.Equal([2], CacheOf(one).Get("k")!);
    }

    [Fact]
    public async Task Of_a_set_and_a_removal_at_once_one_wins_for_good()
    {
        var puts = new HeldPuts(_topic);
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync(puts);
        puts.Hold(RecordKeys.OfDistributed("k"));
        var day = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) };
        var set = CacheOf(two).SetAsync("k", [1], day, Token);
        await CacheOf(one).RemoveAsync("k", Token);
        puts.Release();
        await set;
        await _topic.SettleAsync(Token);
        var first = CacheOf(one).Get("k");
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(first, CacheOf(one).Get("k"));
        Assert.Equal(first, CacheOf(two).Get("k"));
    }

    [Fact]
    public async Task An_extension_does_not_bring_back_hours_later_what_another_pod_has_set_without_a_window()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        await CacheOf(one).SetAsync("k", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromDays(1) }, Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromHours(13));
        _topic.Stall();
        var hour = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };
        var set = CacheOf(two).SetAsync("k", [2], hour, Token);
        Assert.NotNull(CacheOf(one).Get("k")); // This read also extends the entry, after the set.
        _topic.Resume();
        await set;
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Null(CacheOf(one).Get("k"));
        Assert.Null(CacheOf(two).Get("k"));
    }

    [Fact]
    public async Task An_extension_does_not_bring_back_hours_later_what_was_removed_twice()
    {
        var puts = new HeldPuts(_topic);
        await using var one = await ReadyAsync(puts);
        await using var two = await ReadyAsync();
        await CacheOf(two).SetAsync("k", [1], new DistributedCacheEntryOptions { SlidingExpiration = TimeSpan.FromDays(1) }, Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromHours(13));
        puts.Hold(RecordKeys.OfDistributed("k"));
        Assert.NotNull(CacheOf(one).Get("k")); // This read also extends the entry, after the removals.
        await CacheOf(two).RemoveAsync("k", Token);
        await CacheOf(two).RemoveAsync("k", Token);
        puts.Release();
        await NoneIsExtendedAsync(one, "k");
        await _topic.SettleAsync(Token);
        Assert.Null(CacheOf(one).Get("k"));
        _clock.Advance(TimeSpan.FromHours(3));
        Assert.Null(CacheOf(one).Get("k"));
        Assert.Null(CacheOf(two).Get("k"));
    }
}
