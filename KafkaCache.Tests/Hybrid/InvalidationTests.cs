using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>Removals, tags and sets, in one pod and in two.</summary>
public sealed class InvalidationTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public InvalidationTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<HybridPod> ReadyAsync() => HybridPod.ReadyAsync(_topic, _clock);

    [Fact]
    public async Task A_removal_in_one_pod_holds_in_the_other()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        await one.Cache.SetAsync("k", "v", cancellationToken: Token);
        await _topic.SettleAsync(Token);
        Assert.True(two.Cache.TryGet<string>("k", out _));
        await one.Cache.RemoveAsync("k", Token);
        Assert.False(one.Cache.TryGet<string>("k", out _));
        await _topic.SettleAsync(Token);
        Assert.False(two.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task A_tag_invalidates_its_entries_in_all_pods_and_no_others()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        await one.Cache.SetAsync("a", "v", tags: ["users", "eu"], cancellationToken: Token);
        await one.Cache.SetAsync("b", "v", tags: ["orders"], cancellationToken: Token);
        await two.Cache.RemoveByTagAsync("eu", Token);
        await _topic.SettleAsync(Token);
        foreach (var pod in new[] { one, two })
        {
            Assert.False(pod.Cache.TryGet<string>("a", out _));
            Assert.True(pod.Cache.TryGet<string>("b", out _));
        }

        await two.Cache.SetAsync("a", "new", tags: ["users", "eu"], cancellationToken: Token);
        await _topic.SettleAsync(Token);
        Assert.True(one.Cache.TryGet<string>("a", out _));
    }

    [Fact]
    public async Task Several_keys_and_tags_go_in_one_call()
    {
        await using var pod = await ReadyAsync();
        foreach (var key in new[] { "a", "b", "c", "d", "e" })
            await pod.Cache.SetAsync(key, key, tags: [key], cancellationToken: Token);
        await pod.Cache.RemoveAsync(["a", "b"], Token);
        await pod.Cache.RemoveByTagAsync(["c", "d"], Token);
        Assert.Equal(["e"], new[] { "a", "b", "c", "d", "e" }.Where(key => pod.Cache.TryGet<string>(key, out _)));
    }

    [Fact]
    public async Task A_star_invalidates_everything_and_no_entry_may_have_it_as_a_tag()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        await one.Cache.SetAsync("a", "v", cancellationToken: Token);
        await one.Cache.SetAsync("b", "v", tags: ["t"], cancellationToken: Token);
        await one.Cache.RemoveByTagAsync("*", Token);
        await _topic.SettleAsync(Token);
        Assert.False(two.Cache.TryGet<string>("a", out _));
        Assert.False(two.Cache.TryGet<string>("b", out _));
        await Assert.ThrowsAsync<ArgumentException>(async () => await one.Cache.SetAsync("c", "v", tags: ["*"], cancellationToken: Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public async Task A_tag_that_is_not_allowed_is_refused(string tag)
    {
        await using var pod = await ReadyAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await pod.Cache.RemoveByTagAsync(tag, Token));
        var oneOfMany = await Assert.ThrowsAsync<ArgumentException>(async () => await pod.Cache.GetOrCreateAsync(
            "k", static _ => ValueTask.FromResult("v"), tags: ["good", tag], cancellationToken: Token));
        Assert.StartsWith("One of the tags ", oneOfMany.Message, StringComparison.Ordinal);
        Assert.Equal("tags", oneOfMany.ParamName);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fill_that_began_before_an_invalidation_is_not_served_after_it(bool byTag)
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fill = one.Cache.GetOrCreateAsync("k", async stop => await source.Task.WaitAsync(stop), tags: ["t"], cancellationToken: Token);
        if (byTag)
            await two.Cache.RemoveByTagAsync("t", Token);
        else
            await two.Cache.RemoveAsync("k", Token);
        // Pod one lags: it has not applied the mark when it stores the fill.
        source.SetResult("old");
        Assert.Equal("old", await fill);
        await _topic.SettleAsync(Token);
        Assert.False(one.Cache.TryGet<string>("k", out _));
        Assert.False(two.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task A_fill_that_lands_after_a_removal_that_its_pod_has_not_applied_is_refused_by_every_reader()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        _topic.Stall();
        var removal = two.Cache.RemoveAsync("k", Token);
        Assert.Equal("old", await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("old"), cancellationToken: Token));
        _topic.Resume();
        await removal;
        await _topic.SettleAsync(Token);
        Assert.Equal(2, _topic.Records.Count);
        Assert.False(one.Cache.TryGet<string>("k", out _));
        Assert.False(two.Cache.TryGet<string>("k", out _));
        _topic.Compact();
        await using var three = await ReadyAsync();
        Assert.False(three.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task A_caller_after_an_invalidation_does_not_join_a_factory_from_before_it()
    {
        await using var pod = await ReadyAsync();
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = pod.Cache.GetOrCreateAsync(
            "k",
            async stop =>
            {
                begun.SetResult();
                return await source.Task.WaitAsync(stop);
            },
            tags: ["t"], cancellationToken: Token).AsTask();
        await begun.Task.WaitAsync(Token);
        await pod.Cache.RemoveByTagAsync("t", Token);
        Assert.Equal("new", await pod.Cache.GetOrCreateAsync(
            "k", static _ => ValueTask.FromResult("new"), tags: ["t"], cancellationToken: Token));
        source.SetResult("old");
        Assert.Equal("old", await before);
        await _topic.SettleAsync(Token);
        Assert.True(pod.Cache.TryGet("k", out string? value));
        Assert.Equal("new", value);
    }

    [Fact]
    public async Task A_set_is_not_replaced_by_a_fill_that_began_before_it()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fill = one.Cache.GetOrCreateAsync("k", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token);
        await two.Cache.SetAsync("k", "set", cancellationToken: Token);
        await _topic.SettleAsync(Token);
        source.SetResult("old");
        await fill;
        await _topic.SettleAsync(Token);
        foreach (var pod in new[] { one, two })
        {
            Assert.True(pod.Cache.TryGet("k", out string? value));
            Assert.Equal("set", value);
        }
    }

    [Fact]
    public async Task A_fill_that_overwrites_a_set_unseen_is_a_miss_and_never_the_old_value()
    {
        await using var one = await ReadyAsync();
        await using var two = await ReadyAsync();
        _topic.Stall();
        var set = two.Cache.SetAsync("k", "set", cancellationToken: Token);
        await one.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("old"), cancellationToken: Token);
        _topic.Resume();
        await set;
        await _topic.SettleAsync(Token);
        Assert.False(one.Cache.TryGet<string>("k", out _));
        Assert.False(two.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task A_mark_that_another_program_writes_invalidates()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", "v", tags: ["t"], cancellationToken: Token);
        _topic.Produce("\0tag/t", Array.Empty<byte>());
        await _topic.SettleAsync(Token);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task A_recreated_topic_gives_misses_only()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("k", "v", cancellationToken: Token);
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fill = pod.Cache.GetOrCreateAsync("f", async stop => await source.Task.WaitAsync(stop), cancellationToken: Token);
        _topic.Recreate();
        _clock.Advance(TimeSpan.FromSeconds(10));
        await pod.Cache.Cache.WaitForAsync(
            static status => status.Rebuilds > 0 && status.Phase == CachePhase.Ready, cancellationToken: Token);
        source.SetResult("v");
        await fill;
        await _topic.SettleAsync(Token);
        Assert.False(pod.Cache.TryGet<string>("k", out _));
        Assert.False(pod.Cache.TryGet<string>("f", out _));
        await pod.Cache.SetAsync("k", "again", cancellationToken: Token);
        Assert.True(pod.Cache.TryGet<string>("k", out _));
    }

    [Fact]
    public async Task An_invalidation_that_can_t_be_written_throws()
    {
        await using var pod = await ReadyAsync();
        _topic.FailPuts(count: 3);
        await Assert.ThrowsAsync<PutException>(async () => await pod.Cache.RemoveByTagAsync("t", Token));
        await Assert.ThrowsAsync<PutException>(async () => await pod.Cache.RemoveAsync("k", Token));
        await Assert.ThrowsAsync<PutException>(async () => await pod.Cache.SetAsync("k", 1, cancellationToken: Token));
        Assert.Equal(3, pod.Cache.Parts.Counts.FailedPuts);
    }
}
