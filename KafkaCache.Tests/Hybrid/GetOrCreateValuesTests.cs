using System.ComponentModel;
using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The values and keys that <c>GetOrCreateAsync</c> stores, their form, and the effect of its flags.</summary>
public sealed class GetOrCreateValuesTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public GetOrCreateValuesTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HybridCacheEntryOptions Flags(HybridCacheEntryFlags flags) => new() { Flags = flags };

    private Task<HybridPod> ReadyAsync(Action<KafkaHybridCacheOptions>? configure = null) =>
        HybridPod.ReadyAsync(_topic, _clock, configure);

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
    public async Task An_expired_mutable_value_comes_back_as_a_new_instance_to_every_caller_when_the_factory_fails()
    {
        await using var pod = await ReadyAsync(static options => options.StaleIfError = TimeSpan.FromMinutes(10));
        await pod.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult(new List<int> { 1 }), cancellationToken: Token);
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromMinutes(5));
        var source = new TaskCompletionSource<List<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 3).Select(_ => pod.Cache.GetOrCreateAsync(
            "k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token).AsTask()).ToArray();
        source.SetException(new InvalidOperationException("away"));
        var values = await Task.WhenAll(calls);
        Assert.All(values, static value => Assert.Equal([1], value));
        Assert.Equal(3, values.Distinct(ReferenceEqualityComparer.Instance).Count());
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

    [Fact]
    public async Task A_mutable_value_above_MaximumPayloadBytes_comes_back_as_a_new_instance_to_every_caller()
    {
        await using var pod = await ReadyAsync(static options => options.MaximumPayloadBytes = 2);
        var source = new TaskCompletionSource<List<int>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 3).Select(_ => pod.Cache.GetOrCreateAsync(
            "k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token).AsTask()).ToArray();
        source.SetResult([1]);
        var values = await Task.WhenAll(calls);
        Assert.All(values, static value => Assert.Equal([1], value));
        Assert.Equal(3, values.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.Equal(1, pod.Cache.Parts.Counts.NotStored);
        Assert.Empty(_topic.Records);
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
            key = "half " + (char)0xd800; // A lone surrogate can't be in an attribute.
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
    public async Task An_expired_value_of_this_process_does_not_hide_a_fresh_one_that_another_has_stored()
    {
        await using var one = await ReadyAsync(static options => options.StaleIfError = TimeSpan.FromMinutes(10));
        await using var two = await ReadyAsync();
        var local = Flags(HybridCacheEntryFlags.DisableDistributedCacheWrite);
        await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("own"), local, cancellationToken: Token);
        _clock.Advance(TimeSpan.FromMinutes(2));
        await two.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("shared"), cancellationToken: Token);
        await _topic.SettleAsync(Token);
        Assert.True(one.Cache.TryGet<string>("k", out var value));
        Assert.Equal("shared", value);
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

    [ImmutableObject(true)]
    private sealed record Price(int Cents);
}
