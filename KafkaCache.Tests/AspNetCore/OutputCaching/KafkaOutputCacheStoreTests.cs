using System.Globalization;
using KafkaCaching.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace KafkaCaching.Tests.AspNetCore.OutputCaching;

/// <summary>ASP.NET Core's output cache over the topic, with two pods and the policies of ASP.NET Core's documentation.</summary>
public sealed class KafkaOutputCacheStoreTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    public KafkaOutputCacheStoreTests() => _topic = new InMemoryTopic(partitions: 2, _clock, "web");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_response_of_one_pod_is_served_by_the_other()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        Assert.Equal("run 1", (await one.GetAsync("/tagged")).Body);
        await _topic.SettleAsync(Token);

        Assert.Equal("run 1", (await one.GetAsync("/tagged")).Body);
        Assert.Equal("run 1", (await two.GetAsync("/tagged")).Body);
    }

    [Fact]
    public async Task A_tag_evicted_in_one_pod_is_evicted_in_the_other()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        await one.GetAsync("/tagged");
        await one.GetAsync("/untagged");
        await _topic.SettleAsync(Token);

        Assert.Equal(200, (await two.GetAsync("/evict/pages")).Status);
        await _topic.SettleAsync(Token);

        Assert.Equal("run 3", (await one.GetAsync("/tagged")).Body);
        Assert.Equal("run 2", (await one.GetAsync("/untagged")).Body);
    }

    [Fact]
    public async Task Tags_are_those_of_the_hybrid_cache()
    {
        await using var app = await StartAsync();
        await app.GetAsync("/tagged");
        await _topic.SettleAsync(Token);

        await app.Cache.RemoveByTagAsync("pages", Token);

        Assert.Equal("run 2", (await app.GetAsync("/tagged")).Body);
    }

    [Fact]
    public async Task A_response_that_was_being_made_during_an_eviction_is_not_served()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();

        var slow = one.GetAsync("/held");
        await _running.Task.WaitAsync(Token);
        await two.GetAsync("/evict/pages");
        await _topic.SettleAsync(Token);
        _held.SetResult();
        Assert.Equal("run 1", (await slow).Body);
        await _topic.SettleAsync(Token);

        Assert.Equal("run 2", (await one.GetAsync("/held")).Body);
        await _topic.SettleAsync(Token);
        Assert.Equal("run 2", (await two.GetAsync("/held")).Body);
    }

    [Fact]
    public async Task A_response_ends_when_the_time_of_its_policy_is_over()
    {
        await using var app = await StartAsync();
        await app.GetAsync("/brief");
        await _topic.SettleAsync(Token);

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("run 1", (await app.GetAsync("/brief")).Body);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("run 2", (await app.GetAsync("/brief")).Body);
    }

    [Fact]
    public async Task A_policy_of_more_than_the_longest_time_to_live_is_cut_to_it()
    {
        await using var app = await StartAsync();
        await app.GetAsync("/long");
        await _topic.SettleAsync(Token);

        _clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("run 1", (await app.GetAsync("/long")).Body);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("run 2", (await app.GetAsync("/long")).Body);
    }

    [Fact]
    public async Task A_request_that_directs_caches_directs_this_one_too()
    {
        await using var app = await StartAsync();
        await app.GetAsync("/tagged");
        await _topic.SettleAsync(Token);
        _clock.Advance(TimeSpan.FromSeconds(20));

        var hit = await app.GetAsync("/tagged");
        var reloaded = await app.GetAsync("/tagged", "no-cache");

        // The output cache computes the age from the system's clock.
        Assert.Equal(("run 1", "web; hit; ttl=40", "0"), (hit.Body, hit.CacheStatus, hit.Age));
        Assert.Equal(("run 2", "web; fwd=request"), (reloaded.Body, reloaded.CacheStatus));
        await _topic.SettleAsync(Token);
        Assert.Equal("run 2", (await app.GetAsync("/tagged")).Body);
    }

    [Fact]
    public async Task No_store_keeps_a_response_out()
    {
        await using var app = await StartAsync();

        Assert.Equal("run 1", (await app.GetAsync("/tagged", "no-store")).Body);
        await _topic.SettleAsync(Token);
        Assert.Equal("run 2", (await app.GetAsync("/tagged")).Body);
    }

    [Fact]
    public async Task A_tag_that_is_not_allowed_costs_the_response_its_place_and_a_line()
    {
        await using var app = await StartAsync();

        Assert.Equal("run 1", (await app.GetAsync("/badly-tagged")).Body);
        Assert.Equal("run 2", (await app.GetAsync("/badly-tagged")).Body);
        Assert.Contains(app.Logger.Lines, static line => line.Id == 505);
    }

    private Task<HybridApp> StartAsync() => HybridApp.StartAsync(
        _topic, _clock,
        app =>
        {
            app.UseRequestCacheControl(static options => (options.NoCache, options.NoStore) = (true, true));
            app.UseOutputCache();
            app.MapGet("/tagged", Run).CacheOutput(static policy => policy.Tag("pages"));
            app.MapGet("/untagged", Run).CacheOutput();
            app.MapGet("/brief", Run).CacheOutput(static policy => policy.Expire(TimeSpan.FromSeconds(10)));
            app.MapGet("/long", Run).CacheOutput(static policy => policy.Expire(TimeSpan.FromDays(1)));
            app.MapGet("/badly-tagged", Run).CacheOutput(static policy => policy.Tag("a\tb"));
            app.MapGet("/held", HeldAsync).CacheOutput(static policy => policy.Tag("pages"));
            app.MapGet("/evict/{tag}", static (string tag, IOutputCacheStore store, CancellationToken stop) =>
                store.EvictByTagAsync(tag, stop).AsTask());
        },
        static services => services.AddOutputCache().AddKafkaOutputCacheStore("web"));

    private string Run() => string.Create(CultureInfo.InvariantCulture, $"run {Interlocked.Increment(ref _runs)}");

    private async Task<string> HeldAsync()
    {
        var run = Run();
        _running.TrySetResult();
        await _held.Task.WaitAsync(Token);
        return run;
    }
}
