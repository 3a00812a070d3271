using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Hybrid;

/// <summary><c>GetOrCreateAsync</c> when the factory, an entry or the brokers fail, or the cache is disposed.</summary>
public sealed class GetOrCreateFailuresTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public GetOrCreateFailuresTests() => _topic = new InMemoryTopic(partitions: 3, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<HybridPod> ReadyAsync(Action<KafkaHybridCacheOptions>? configure = null) =>
        HybridPod.ReadyAsync(_topic, _clock, configure);

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
    public async Task A_logger_that_throws_loses_its_lines_only()
    {
        using var loggers = new ThrowingLoggers(static id => id == 524);
        await using var pod = await HybridPod.ReadyAsync(
            _topic, _clock, static options => options.StaleIfError = TimeSpan.FromMinutes(10),
            services => services.AddSingleton<ILoggerFactory>(loggers));
        await pod.Cache.SetAsync("k", "old", cancellationToken: Token);
        _clock.Advance(TimeSpan.FromMinutes(5));
        var call = pod.Cache.GetOrCreateAsync<string>(
            "k", static _ => throw new InvalidOperationException("away"), cancellationToken: Token).AsTask();
        Assert.Equal("old", await call.WaitAsync(Patience, Token));
        Assert.Equal(1, loggers.Thrown);
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
    public async Task An_entry_that_can_t_be_decoded_is_a_miss_and_the_next_fill_replaces_it()
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
    public async Task The_line_about_an_entry_that_can_t_be_decoded_names_its_position_if_it_is_in_the_log()
    {
        await using var pod = await ReadyAsync();
        await pod.Cache.SetAsync("shared", "text", cancellationToken: Token);
        await pod.Cache.GetOrCreateAsync(
            "local", static _ => ValueTask.FromResult("text"),
            new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableDistributedCacheWrite }, cancellationToken: Token);
        await _topic.SettleAsync(Token);

        Assert.False(pod.Cache.TryGet<List<int>>("shared", out _));
        Assert.False(pod.Cache.TryGet<List<int>>("local", out _));

        var lines = pod.Log.Logger.Lines.Where(static line => line.Id == 520).Select(static line => line.Text).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"the entry at \d+:\d+ ", lines[0]);
        Assert.Contains("the entry at (unwritten) ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_brokers_are_away_hits_are_served_and_misses_load()
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
    public async Task A_factory_that_asks_for_its_own_entry_fails_instead_of_waiting_for_itself()
    {
        await using var pod = await ReadyAsync();
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GetAsync("k", () => GetAsync("k", TheValueAsync)).WaitAsync(Patience, Token));
        Assert.Contains("would have waited for itself", failed.Message, StringComparison.Ordinal);
        failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GetAsync("k", () => GetAsync("other", () => GetAsync("k", TheValueAsync))).WaitAsync(Patience, Token));
        Assert.Contains("would have waited for itself", failed.Message, StringComparison.Ordinal);
        Assert.Equal("v", await GetAsync("k", () => GetAsync("other", TheValueAsync)));

        async Task<string> GetAsync(string key, Func<Task<string>> factory) =>
            await pod.Cache.GetOrCreateAsync(key, async _ => await factory());
    }

    [Fact]
    public async Task Of_two_factories_that_ask_for_each_other_s_entries_one_fails_and_both_end()
    {
        await using var pod = await ReadyAsync();
        var (oneRuns, otherRuns) = (NewSignal(), NewSignal());
        var one = GetAsync("one", oneRuns, otherRuns, "other");
        var other = GetAsync("other", otherRuns, oneRuns, "one");
        await Assert.ThrowsAsync<InvalidOperationException>(() => one.WaitAsync(Patience, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.WaitAsync(Patience, Token));

        async Task<string> GetAsync(string key, TaskCompletionSource runs, TaskCompletionSource otherRuns, string asked) =>
            await pod.Cache.GetOrCreateAsync(key, async stop =>
            {
                runs.SetResult();
                await otherRuns.Task;
                return await pod.Cache.GetOrCreateAsync(asked, static async _ => await TheValueAsync(), cancellationToken: stop);
            });
    }

    [Fact]
    public async Task What_a_factory_has_left_running_may_ask_for_its_entry()
    {
        await using var pod = await ReadyAsync();
        var isOver = NewSignal();
        Task<string>? later = null;
        await pod.Cache.GetOrCreateAsync("k", _ =>
        {
            later = LaterAsync();
            return ValueTask.FromResult("v");
        }, cancellationToken: Token);
        await pod.Cache.RemoveAsync("k", Token);
        isOver.SetResult();
        Assert.Equal("v", await later!.WaitAsync(Token));

        async Task<string> LaterAsync()
        {
            await isOver.Task;
            return await pod.Cache.GetOrCreateAsync("k", static async _ => await TheValueAsync(), cancellationToken: Token);
        }
    }

    [Fact]
    public async Task Dispose_answers_those_who_wait_and_cancels_their_factory()
    {
        var pod = await ReadyAsync();
        var (begun, ended) = (NewSignal(), NewSignal());
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

    private static Task<string> TheValueAsync() => Task.FromResult("v");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
