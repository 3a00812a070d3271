using System.ComponentModel;
using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>What callers of <c>GetOrCreateAsync</c> rely on: the documentation of HybridCache and FusionCache, and what ours
/// adds.</summary>
public sealed class GetOrCreateTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public GetOrCreateTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HybridCacheEntryOptions Flags(HybridCacheEntryFlags flags) => new() { Flags = flags };

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

        // The first round makes the first of everything, and a thread that moves to another processor may make a reader session more.
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

    [Fact]
    public async Task Null_is_a_value()
    {
        await using var pod = await ReadyAsync();
        var runs = 0;
        for (var i = 0; i < 2; i++)
        {
            Assert.Null(await pod.Cache.GetOrCreateAsync<string?>(
                "k",
                _ =>
                {
                    runs++;
                    return ValueTask.FromResult<string?>(null);
                },
                cancellationToken: Token));
            await _topic.SettleAsync(Token);
        }

        Assert.Equal(1, runs);
        Assert.True(pod.Cache.TryGet<string>("k", out var value));
        Assert.Null(value);
    }

    [Fact]
    public async Task An_immutable_value_comes_back_as_the_same_instance()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", new Price(5), cancellationToken: Token);
        Assert.True(pod.Cache.TryGet<Price>("k", out var one));
        Assert.True(pod.Cache.TryGet<Price>("k", out var two));
        Assert.Same(one, two);
    }

    [Fact]
    public async Task A_mutable_value_comes_back_as_a_new_instance_to_every_caller()
    {
        await using var pod = await ReadyAsync();
        var source = new TaskCompletionSource<List<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 3).Select(_ => pod.Cache.GetOrCreateAsync(
            "k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token).AsTask()).ToArray();
        source.SetResult([1]);
        var values = await Task.WhenAll(calls);
        Assert.Equal(3, values.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.True(pod.Cache.TryGet<List<int>>("k", out var later));
        later.Add(2);
        Assert.True(pod.Cache.TryGet<List<int>>("k", out var last));
        Assert.Equal([1], last);
    }

    [Fact]
    public async Task A_value_above_MaximumPayloadBytes_is_returned_and_not_stored()
    {
        await using var pod = await ReadyAsync(static options => options.MaximumPayloadBytes = 100);
        var large = new string('x', 101);
        Assert.Equal(large, await pod.Cache.GetOrCreateAsync("k", _ => ValueTask.FromResult(large), cancellationToken: Token));
        await _topic.SettleAsync(Token);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.Equal(1, pod.Cache.Parts.Counts.NotStored);
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 521);
        await Assert.ThrowsAsync<ArgumentException>(async () => await pod.Cache.SetAsync("k", large, cancellationToken: Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("a\nb")]
    [InlineData("\0tag/t")]
    [InlineData("half of a pair")]
    public async Task A_key_that_is_not_allowed_bypasses_the_cache_and_is_refused_by_writes(string key)
    {
        if (key == "half of a pair")
            key = "half " + (char)0xd800; // An attribute can't hold it.
        await using var pod = await ReadyAsync();
        for (var i = 0; i < 2; i++)
        {
            var value = i;
            Assert.Equal(value, await pod.Cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(value), cancellationToken: Token));
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await pod.Cache.SetAsync(key, 1, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await pod.Cache.RemoveAsync(key, Token));
        Assert.Empty(_topic.Records);
    }

    [Fact]
    public async Task A_key_may_be_as_long_as_MaximumKeyLength()
    {
        await using var pod = await ReadyAsync();
        var key = new string('k', 1_024);
        await pod.Cache.SetAsync(key, 1, cancellationToken: Token);
        Assert.True(pod.Cache.TryGet<int>(key, out _));
        await Assert.ThrowsAsync<ArgumentException>(async () => await pod.Cache.SetAsync(key + "k", 1, cancellationToken: Token));
    }

    [Fact]
    public async Task Without_the_underlying_data_a_miss_gives_the_default()
    {
        await using var pod = await ReadyAsync();
        Assert.Equal(0, await pod.Cache.GetOrCreateAsync(
            "k", static _ => ValueTask.FromResult(1), Flags(HybridCacheEntryFlags.DisableUnderlyingData), cancellationToken: Token));
        await pod.Cache.SetAsync("k", 2, cancellationToken: Token);
        Assert.Equal(2, await pod.Cache.GetOrCreateAsync(
            "k", static _ => ValueTask.FromResult(1), Flags(HybridCacheEntryFlags.DisableUnderlyingData), cancellationToken: Token));
    }

    [Fact]
    public async Task Without_reads_the_factory_runs_and_its_value_replaces_the_entry()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", "old", cancellationToken: Token);
        var noReads = Flags(HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead);
        Assert.Equal(
            "new", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("new"), noReads, cancellationToken: Token));
        Assert.True(pod.Cache.TryGet("k", out string? value));
        Assert.Equal("new", value);
        await _topic.SettleAsync(Token);
        Assert.True(pod.Cache.TryGet("k", out value));
        Assert.Equal("new", value);
    }

    [Fact]
    public async Task Without_the_distributed_write_the_value_stays_in_this_process_until_it_is_invalidated()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        var local = Flags(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), local, ["t"], Token);
        Assert.Empty(_topic.Records);
        Assert.True(one.Cache.TryGet<string>("k", out _));
        Assert.False(two.Cache.TryGet<string>("k", out _));
        await two.Cache.RemoveByTagAsync("t", Token);
        await _topic.SettleAsync(Token);
        Assert.False(one.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task Without_any_write_nothing_is_stored()
    {
        await using var pod = await ReadyAsync();
        var noWrites = Flags(HybridCacheEntryFlags.DisableLocalCacheWrite | HybridCacheEntryFlags.DisableDistributedCacheWrite);
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), noWrites, cancellationToken: Token);
        await pod.Cache.SetAsync("k", "v", noWrites, cancellationToken: Token);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.Empty(_topic.Records);
    }

    [Fact]
    public async Task An_expired_entry_is_returned_when_the_factory_fails_and_StaleIfError_allows_it()
    {
        await using var pod = await ReadyAsync(static options => options.StaleIfError = TimeSpan.FromMinutes(10));
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("old"), tags: ["t"], cancellationToken: Token);
        await _topic.SettleAsync(Token);
        static ValueTask<string> Fail(CancellationToken stop) => throw new InvalidOperationException("away");
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.Equal("old", await pod.Cache.GetOrCreateAsync("k", Fail, cancellationToken: Token));
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 524);
        _clock.Advance(TimeSpan.FromMinutes(6));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await pod.Cache.GetOrCreateAsync("k", Fail, cancellationToken: Token));
    }

    [Fact]
    public async Task An_invalidated_entry_is_not_returned_when_the_factory_fails()
    {
        await using var pod = await ReadyAsync(static options => options.StaleIfError = TimeSpan.FromMinutes(10));
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("old"), tags: ["t"], cancellationToken: Token);
        await pod.Cache.RemoveByTagAsync("t", Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await pod.Cache.GetOrCreateAsync<string>(
            "k", static _ => throw new InvalidOperationException("away"), cancellationToken: Token));
    }

    [Fact]
    public async Task An_entry_that_can_t_be_decoded_is_a_miss_and_the_next_fill_mends_it()
    {
        await using var pod = await ReadyAsync();
        _topic.Produce("k", "not one of ours");
        await pod.Cache.SetAsync("other", "text", cancellationToken: Token);
        await _topic.SettleAsync(Token);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.False(pod.Cache.TryGet<List<int>>("other", out _));
        Assert.Contains(pod.Log.Logger.Lines, static line => line.Id == 520);
        Assert.Equal("v", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
        await _topic.SettleAsync(Token);
        Assert.True(pod.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task While_the_brokers_are_away_hits_go_on_and_misses_load()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", "v", cancellationToken: Token);
        _topic.Disconnect();
        Assert.True(pod.Cache.TryGet<string>("k", out _));
        Assert.Equal("new", await pod.Cache.GetOrCreateAsync("other", static _ => ValueTask.FromResult("new"), cancellationToken: Token));
        Assert.True(pod.Cache.TryGet<string>("other", out _));
        _topic.Reconnect();
        await _topic.SettleAsync(Token);
        Assert.True(pod.Cache.TryGet<string>("other", out _));
    }

    [Fact]
    public async Task A_fill_that_can_t_be_written_is_counted_and_the_value_returned()
    {
        await using var pod = await ReadyAsync();
        _topic.FailPuts();
        Assert.Equal("v", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
        await _topic.SettleAsync(Token);
        Assert.Equal(1, pod.Cache.Parts.Counts.FailedPuts);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task Before_the_cache_is_ready_values_are_loaded_and_not_stored()
    {
        _topic.Produce("\0tag/t", Array.Empty<byte>());
        _topic.Stall();
        await using var pod = HybridPod.Start(_topic, _clock);
        Assert.Equal("v", await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("v"), cancellationToken: Token));
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.Single(_topic.Records);
    }

    [Fact]
    public async Task Dispose_answers_those_who_wait_and_cancels_their_factory()
    {
        var pod = await ReadyAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = pod.Cache.GetOrCreateAsync<string>(
            "k",
            async stop =>
            {
                using var registration = stop.Register(() => ended.TrySetResult());
                begun.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return "never";
            },
            cancellationToken: Token).AsTask();
        await begun.Task.WaitAsync(Token);
        await pod.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        await ended.Task.WaitAsync(Token);
        Assert.Throws<ObjectDisposedException>(() => pod.Cache.TryGet<string>("k", out _));
    }

    private static void Hit(KafkaHybridCache cache, Func<CancellationToken, ValueTask<string>> factory)
    {
        var hit = cache.GetOrCreateAsync("k", factory, cancellationToken: Token);
        Assert.True(hit.IsCompletedSuccessfully && hit.Result.Length == 1);
    }

    [ImmutableObject(true)]
    private sealed record Price(int Cents);
}
