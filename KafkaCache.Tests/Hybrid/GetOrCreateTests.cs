using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>What callers of GetOrCreateAsync rely on.</summary>
public sealed class GetOrCreateTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public GetOrCreateTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_miss_runs_the_factory_and_the_next_call_is_a_hit_that_completes_synchronously()
    {
        await using var pod = await HybridPod.ReadyAsync(_topic, _clock);
        Assert.Equal("v1", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token));
        var hit = pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v2"), cancellationToken: Token);
        Assert.True(hit.IsCompletedSuccessfully);
        Assert.Equal("v1", await hit);
        await _topic.SettleAsync(Token);
        Assert.Equal("v1", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v3"), cancellationToken: Token));
    }

    [Fact]
    public async Task Another_pod_finds_what_one_has_filled()
    {
        await using var one = await HybridPod.ReadyAsync(_topic, _clock);
        await using var two = await HybridPod.ReadyAsync(_topic, _clock);
        await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token);
        await _topic.SettleAsync(Token);
        Assert.True(two.Cache.TryGet("k", out string? value));
        Assert.Equal("v1", value);
    }

    [Fact]
    public async Task An_entry_ends_when_its_expiration_is_over()
    {
        await using var pod = await HybridPod.ReadyAsync(_topic, _clock);
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(pod.Cache.TryGet<string>("k", out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(pod.Cache.TryGet<string>("k", out _));
    }
}
