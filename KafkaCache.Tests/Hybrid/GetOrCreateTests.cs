using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The documented behavior of <c>GetOrCreateAsync</c>, as in HybridCache and FusionCache, and the additional guarantees of this
/// library.</summary>
public sealed class GetOrCreateTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public GetOrCreateTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<HybridPod> ReadyAsync(Action<KafkaHybridCacheOptions>? configure = null) =>
        HybridPod.ReadyAsync(_topic, _clock, configure);

    [Fact]
    public async Task A_miss_runs_the_factory_and_the_next_call_is_a_hit_that_completes_synchronously()
    {
        await using var pod = await ReadyAsync();
        Assert.Equal("v1", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token));
        var hit = pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v2"), cancellationToken: Token);
        Assert.True(hit.IsCompletedSuccessfully);
        Assert.Equal("v1", await hit);
        await _topic.SettleAsync(Token);
        Assert.Equal("v1", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v3"), cancellationToken: Token));
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), tags: ["t"], cancellationToken: Token);
        await _topic.SettleAsync(Token);
        static ValueTask<string> Never(CancellationToken stop) => throw new InvalidOperationException("The factory has run.");
        Func<CancellationToken, ValueTask<string>> never = Never;

        // The first round has one-time allocations, and a thread that moves to another processor may create another reader session.
        var allocated = new long[20];
        for (var round = 0; round < allocated.Length; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                Hit(pod.Cache, never);
            allocated[round] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Contains(0, allocated);
    }

    [Fact]
    public async Task Another_pod_finds_what_one_has_filled()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token);
        await _topic.SettleAsync(Token);
        Assert.True(two.Cache.TryGet("k", out string? value));
        Assert.Equal("v1", value);
    }

    [Fact]
    public async Task A_pod_that_starts_later_is_warm()
    {
        await using (var one = await ReadyAsync())
        {
            await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token);
            await _topic.SettleAsync(Token);
        }

        await using var two = await ReadyAsync();
        Assert.True(two.Cache.TryGet("k", out string? value));
        Assert.Equal("v1", value);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_one_factory()
    {
        await using var pod = await ReadyAsync();
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var runs = 0;
        var calls = Enumerable.Range(0, 50).Select(_ => pod.Cache.GetOrCreateAsync(
            "k",
            async stop =>
            {
                Interlocked.Increment(ref runs);
                return await source.Task.WaitAsync(stop);
            },
            cancellationToken: Token).AsTask()).ToArray();
        source.SetResult("v");
        Assert.All(await Task.WhenAll(calls), static value => Assert.Equal("v", value));
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_its_own_wait_only()
    {
        await using var pod = await ReadyAsync();
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var first = new CancellationTokenSource();
        var one = pod.Cache.GetOrCreateAsync("k", async stop => await source.Task.WaitAsync(stop), cancellationToken: first.Token).AsTask();
        var two = pod.Cache.GetOrCreateAsync("k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token).AsTask();
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        source.SetResult("v");
        Assert.Equal("v", await two);
    }

    [Fact]
    public async Task The_factory_is_cancelled_when_the_last_caller_has_gone()
    {
        await using var pod = await ReadyAsync();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var callers = new CancellationTokenSource();
        var calls = Enumerable.Range(0, 2).Select(_ => pod.Cache.GetOrCreateAsync<string>(
            "k",
            async stop =>
            {
                using var registration = stop.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return "never";
            },
            cancellationToken: callers.Token).AsTask()).ToArray();
        await callers.CancelAsync();
        await cancelled.Task.WaitAsync(Token);
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("v", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
    }

    [Fact]
    public async Task A_token_that_is_cancelled_before_the_call_throws_even_on_a_hit()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", "v", cancellationToken: Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pod.Cache.GetOrCreateAsync(
            "k", static _ => ValueTask.FromResult("v"), cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task An_exception_reaches_every_caller_and_is_not_cached()
    {
        await using var pod = await ReadyAsync();
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 3).Select(_ => pod.Cache.GetOrCreateAsync(
            "k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token).AsTask()).ToArray();
        source.SetException(new InvalidOperationException("away"));
        foreach (var call in calls)
            Assert.Equal("away", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
        Assert.Equal("v", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
    }

    [Fact]
    public async Task An_entry_ends_when_its_expiration_is_over()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v1"), cancellationToken: Token);
        await pod.Cache.GetOrCreateAsync(
            "longer", static _ => ValueTask.FromResult("v1"), new HybridCacheEntryOptions { Expiration = TimeSpan.FromMinutes(30) },
            cancellationToken: Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(pod.Cache.TryGet<string>("k", out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.True(pod.Cache.TryGet<string>("longer", out _));
    }

    [Fact]
    public async Task An_expiration_above_MaxTimeToLive_or_below_a_second_is_refused()
    {
        await using var pod = await ReadyAsync();
        foreach (var expiration in new[] { TimeSpan.FromMinutes(61), TimeSpan.FromMilliseconds(999) })
        {
            var options = new HybridCacheEntryOptions { Expiration = expiration };
            var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await pod.Cache.GetOrCreateAsync(
                "k", static _ => ValueTask.FromResult("v"), options, cancellationToken: Token));
            Assert.Contains("MaxTimeToLive", refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await pod.Cache.SetAsync(
                "k", "v", options, cancellationToken: Token));
        }
    }

    private static void Hit(KafkaHybridCache cache, Func<CancellationToken, ValueTask<string>> factory)
    {
        var hit = cache.GetOrCreateAsync("k", factory, cancellationToken: Token);
        Assert.True(hit.IsCompletedSuccessfully && hit.Result.Length == 1);
    }
}
