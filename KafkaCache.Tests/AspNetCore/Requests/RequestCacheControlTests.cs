using System.Globalization;
using KafkaCaching.AspNetCore;
using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Time.Testing;

namespace KafkaCaching.Tests.AspNetCore.Requests;

/// <summary>The directives of a request, and the response headers about the caches.</summary>
public sealed class RequestCacheControlTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;
    private int _loads;

    public RequestCacheControlTests() => _topic = new InMemoryTopic(partitions: 2, _clock, "web");

    [Fact]
    public async Task A_miss_says_that_the_value_is_stored_and_a_hit_how_old_it_is_and_how_long_it_stays()
    {
        await using var app = await StartAsync();

        var miss = await app.GetAsync("/users/1");
        await _topic.SettleAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(23));
        var hit = await app.GetAsync("/users/1");

        Assert.Equal(new HybridAnswer(200, "load 1", "web; fwd=uri-miss; stored", null), miss);
        Assert.Equal(new HybridAnswer(200, "load 1", "web; hit; ttl=37", "23"), hit);
    }

    [Fact]
    public async Task Nothing_is_followed_unless_it_is_allowed()
    {
        await using var app = await StartAsync(allow: null);
        await FillAsync(app);

        foreach (var directive in new[] { "no-cache", "no-store", "max-age=0", "only-if-cached" })
            Assert.Equal("load 1", (await app.GetAsync("/users/1", directive)).Body);
        Assert.Equal(200, (await app.GetAsync("/users/2", "only-if-cached")).Status);
        Assert.Equal("load 2", (await app.GetAsync("/users/2")).Body);
    }

    [Theory]
    [InlineData("no-cache")]
    [InlineData("no-store, no-cache")]
    [InlineData("max-age=5")]
    [InlineData("only-if-cached")]
    public async Task A_directive_is_followed_only_if_it_is_the_one_allowed(string sent)
    {
        await using var app = await StartAsync(options =>
        {
            options.NoCache = !sent.Contains("no-cache", StringComparison.Ordinal);
            options.MaxAge = !sent.Contains("max-age", StringComparison.Ordinal);
            options.OnlyIfCached = !sent.Contains("only-if-cached", StringComparison.Ordinal);
        });
        await FillAsync(app);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("web; hit; ttl=50", (await app.GetAsync("/users/1", sent)).CacheStatus);
    }

    [Fact]
    public async Task No_cache_loads_the_value_again_and_stores_it_for_all()
    {
        await using var app = await StartAsync();
        await using var other = await StartAsync();
        await FillAsync(app);

        var reloaded = await app.GetAsync("/users/1", "no-cache");
        await _topic.SettleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("load 2", "web; fwd=request; stored"), (reloaded.Body, reloaded.CacheStatus));
        Assert.Equal("load 2", (await app.GetAsync("/users/1")).Body);
        Assert.Equal("load 2", (await other.GetAsync("/users/1")).Body);
    }

    [Fact]
    public async Task No_store_loads_a_missing_value_and_leaves_no_trace_of_it()
    {
        await using var app = await StartAsync();

        var first = await app.GetAsync("/users/1", "no-store");
        var second = await app.GetAsync("/users/1", "no-store");

        Assert.Equal(("load 1", "web; fwd=uri-miss"), (first.Body, first.CacheStatus));
        Assert.Equal("load 2", second.Body);
        Assert.False(app.Cache.TryGet<string>("user/1", out _));
    }

    [Fact]
    public async Task Max_age_loads_an_older_value_again_and_takes_a_younger_one()
    {
        await using var app = await StartAsync();
        await FillAsync(app);
        _clock.Advance(TimeSpan.FromSeconds(30));

        var young = await app.GetAsync("/users/1", "max-age=30");
        var old = await app.GetAsync("/users/1", "max-age=29");

        Assert.Equal(("load 1", "web; hit; ttl=30"), (young.Body, young.CacheStatus));
        Assert.Equal(("load 2", "web; fwd=request; stored"), (old.Body, old.CacheStatus));
        await _topic.SettleAsync(TestContext.Current.CancellationToken);
        Assert.Equal("load 2", (await app.GetAsync("/users/1")).Body);
    }

    [Fact]
    public async Task Only_if_cached_finds_what_is_there_and_answers_504_to_what_is_not()
    {
        await using var app = await StartAsync();
        await FillAsync(app);

        var there = await app.GetAsync("/users/1", "only-if-cached");
        var missing = await app.GetAsync("/users/2", "only-if-cached");

        Assert.Equal((200, "load 1"), (there.Status, there.Body));
        Assert.Equal((504, "web; fwd=uri-miss"), (missing.Status, missing.CacheStatus![..17]));
        Assert.Contains("Not cached", missing.Body, StringComparison.Ordinal);
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task A_504_is_not_kept_by_caches_on_the_way_whatever_the_endpoint_has_said_of_its_answer()
    {
        await using var app = await StartAsync();
        using var client = app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/public/1");
        request.Headers.TryAddWithoutValidation("Cache-Control", "only-if-cached");

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(
            (504, "no-store", null), ((int)response.StatusCode, response.Headers.CacheControl?.ToString(), response.Headers.ETag?.Tag));
        Assert.Contains("Not cached", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_expired_value_is_said_to_be_stale()
    {
        await using var app = await StartAsync();
        await FillAsync(app);
        _clock.Advance(TimeSpan.FromSeconds(60));

        // The expired entry may be removed before the request, which is then a plain miss.
        Assert.Contains(
            (await app.GetAsync("/users/1")).CacheStatus, (string[])["web; fwd=stale; stored", "web; fwd=uri-miss; stored"]);
    }

    [Fact]
    public async Task Of_several_values_the_oldest_gives_the_age_and_the_first_miss_the_reason()
    {
        await using var app = await StartAsync();
        await app.GetAsync("/users/1");
        await _topic.SettleAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(20));
        await app.GetAsync("/users/2");
        await _topic.SettleAsync(TestContext.Current.CancellationToken);
        _clock.Advance(TimeSpan.FromSeconds(5));

        var hits = await app.GetAsync("/pairs/1/2");
        var mixed = await app.GetAsync("/pairs/1/3");

        Assert.Equal(("web; hit; ttl=35", "25"), (hits.CacheStatus, hits.Age));
        Assert.Equal(("web; fwd=uri-miss; stored", "25"), (mixed.CacheStatus, mixed.Age));
    }

    [Theory]
    [InlineData("max-age=soon")]
    [InlineData("no-cache=")]
    [InlineData(";;")]
    [InlineData("")]
    public async Task A_malformed_header_is_ignored(string sent)
    {
        await using var app = await StartAsync();
        await FillAsync(app);

        Assert.Equal("load 1", (await app.GetAsync("/users/1", sent)).Body);
    }

    // RFC 9111, sections 1.2.2 and 5.2.3.
    [Theory]
    [InlineData("max-age=99999999999, no-cache")]
    [InlineData("max-age=soon, No-Cache")]
    [InlineData("priority=1, no-cache")]
    public async Task A_directive_is_followed_beside_an_age_that_is_too_large_and_beside_what_is_not_understood(string sent)
    {
        await using var app = await StartAsync();
        await FillAsync(app);

        Assert.Equal("load 2", (await app.GetAsync("/users/1", sent)).Body);
    }

    [Fact]
    public async Task An_age_of_any_number_of_seconds_is_accepted()
    {
        await using var app = await StartAsync();
        await FillAsync(app);

        Assert.Equal("load 1", (await app.GetAsync("/users/1", $"max-age={new string('9', 100)}")).Body);
    }

    [Fact]
    public async Task Only_those_who_may_send_directives_are_heard_and_only_in_reading_requests()
    {
        await using var app = await StartAsync(options =>
        {
            options.NoCache = true;
            options.Allow = static context => context.Request.Query.ContainsKey("admin");
        });
        await FillAsync(app);

        Assert.Equal("load 1", (await app.GetAsync("/users/1", "no-cache")).Body);
        Assert.Equal("load 1", (await app.GetAsync("/users/1?admin", "no-cache", HttpMethod.Post)).Body);
        Assert.Equal("load 2", (await app.GetAsync("/users/1?admin", "no-cache")).Body);
    }

    [Fact]
    public async Task A_response_without_values_of_a_cache_has_neither_header()
    {
        await using var app = await StartAsync();

        Assert.Equal(new HybridAnswer(200, "plain", null, null), await app.GetAsync("/plain", "no-cache"));
    }

    private Task<HybridApp> StartAsync() => StartAsync(static options =>
        (options.NoCache, options.NoStore, options.MaxAge, options.OnlyIfCached) = (true, true, true, true));

    private Task<HybridApp> StartAsync(Action<RequestCacheControlOptions>? allow) => HybridApp.StartAsync(_topic, _clock, app =>
    {
        app.UseRequestCacheControl(allow);
        app.MapMethods("/users/{id}", ["GET", "POST"], (string id, HybridCache cache) => UserAsync(cache, id).AsTask());
        app.MapGet("/pairs/{one}/{two}", async (string one, string two, HybridCache cache) =>
            $"{await UserAsync(cache, one)}, {await UserAsync(cache, two)}");
        app.MapGet("/plain", static () => "plain");
        app.MapGet("/public/{id}", async (string id, HybridCache cache, HttpResponse response) =>
        {
            (response.Headers.CacheControl, response.Headers.ETag) = ("public, max-age=3600", "\"1\"");
            return await UserAsync(cache, id);
        });
    });

    private ValueTask<string> UserAsync(HybridCache cache, string id) => cache.GetOrCreateAsync(
        $"user/{id}",
        _ => ValueTask.FromResult(string.Create(CultureInfo.InvariantCulture, $"load {Interlocked.Increment(ref _loads)}")));

    private async Task FillAsync(HybridApp app)
    {
        await app.GetAsync("/users/1");
        await _topic.SettleAsync(TestContext.Current.CancellationToken);
    }
}
