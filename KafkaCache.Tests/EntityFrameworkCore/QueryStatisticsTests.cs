using System.Diagnostics;
using System.Diagnostics.Metrics;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>The costs and savings of queries, by name, in the statistics, in metrics and in traces.</summary>
public sealed class QueryStatisticsTests(PostgresFixture postgres) : EfCacheTest(postgres)
{
    private static readonly CachedQuery<ShopContext, int, string> OfGroup = CachedQuery.Create(
        "names-of-group", static (ShopContext db, int g) => db.Users.Where(u => u.GroupId == g).Select(u => u.Name));

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Each_way_to_read_is_counted_by_its_name_and_a_hit_saves_what_a_miss_took(Provider provider)
    {
        var pod = await StartAsync(provider);
        for (var i = 0; i < 3; i++)
        {
            await pod.WithAsync(static db => db.Users.Cached(static c => c.Named("all-users")).ToListAsync(Token));
            await pod.WithAsync(static async db => await OfGroup.ToListAsync(db, 1, Token));
            await pod.WithAsync(static db => db.Users.FindCachedAsync([ShopData.Ada], Token));
            await pod.WithAsync(static db => db.Users.Cached().CountAsync(Token));
        }

        Assert.Equal(
            ["(unnamed)", "all-users", "find User", "names-of-group"],
            pod.Cache.Queries.Select(static query => query.Name).Order(StringComparer.Ordinal));
        Assert.All(pod.Cache.Queries, static query =>
        {
            Assert.Equal((1, 2, 0), (query.Misses, query.Hits, query.Bypassed));
            Assert.Equal(2.0 / 3, query.HitRate, 6);
            Assert.True(query.DatabaseTime > TimeSpan.Zero);
            Assert.Equal(2 * query.DatabaseTime, query.SavedTime);
        });
    }

    [Fact]
    public async Task Reads_that_the_cache_may_not_answer_are_bypassed()
    {
        var pod = await StartAsync();
        await using (var db = pod.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Token);
            await db.Users.Cached(static c => c.Named("all-users")).ToListAsync(Token);
            await OfGroup.ToListAsync(db, 1, Token);
        }

        pod.Cache.IsEnabled = false;
        await pod.WithAsync(static async db => await OfGroup.ToListAsync(db, 1, Token));
        Assert.Equal((0, 0, 1), Of(pod, "all-users"));
        Assert.Equal((0, 0, 2), Of(pod, "names-of-group"));
    }

    [Fact]
    public async Task A_result_that_is_too_large_to_keep_costs_time_with_every_read()
    {
        var pod = await StartAsync(configure: static options => options.Hybrid.MaximumPayloadBytes = 10);
        await pod.WithAsync(static db => db.Users.Cached(static c => c.Named("all-users")).ToListAsync(Token));
        var once = Assert.Single(pod.Cache.Queries).DatabaseTime;
        await pod.WithAsync(static db => db.Users.Cached(static c => c.Named("all-users")).ToListAsync(Token));
        Assert.Equal((2, 0, 0), Of(pod, "all-users"));
        Assert.True(once > TimeSpan.Zero && Assert.Single(pod.Cache.Queries).DatabaseTime > once);
    }

    [Fact]
    public void Names_beyond_the_limit_are_one_series()
    {
        var catalog = new QueryCatalog("shop");
        for (var i = 0; i < 1_000; i++)
            catalog.Of($"user {i}").CountMiss();
        Assert.Equal(201, catalog.All.Count());
        Assert.Equal(800, catalog.All.Single(static query => query.Name == QueryCatalog.Others).Total(QueryOutcome.Miss));
    }

    [Fact]
    public async Task Metrics_have_the_query_by_its_name_and_the_outcome()
    {
        var pod = await StartAsync();
        var factory = pod.Services.GetRequiredService<IMeterFactory>();
        for (var i = 0; i < 2; i++)
            await pod.WithAsync(static db => db.Users.Where(static u => u.Name == "Ada").Cached(static c => c.Named("by-name"))
                .ToListAsync(Token));
        using var scrape = new MeterScrape(factory, KafkaEfCache.MeterName);
        Assert.Equal(6, scrape.Count);
        Assert.Equal(["cache", "topic"], scrape.TagNames("kafkacache.ef.invalidation.overdue"));
        Assert.Equal(["cache", "outcome", "query", "topic"], scrape.TagNames("kafkacache.ef.queries"));
        Assert.Equal(["hit", "miss", "bypassed"], scrape.TagValues("kafkacache.ef.queries", "outcome"));
        Assert.Equal((1, 1, 0), (Reads("hit"), Reads("miss"), Reads("bypassed")));
        foreach (var seconds in new[] { "kafkacache.ef.database.duration", "kafkacache.ef.database.saved" })
        {
            Assert.Equal(["cache", "query", "topic"], scrape.TagNames(seconds));
            Assert.Equal(["by-name"], scrape.TagValues(seconds, "query"));
            Assert.True(scrape.Sum(seconds, "shop") > 0);
        }

        double Reads(string outcome) => scrape.Tagged("kafkacache.ef.queries", "outcome", outcome);
    }

    [Fact]
    public async Task A_recorded_span_has_an_event_for_each_read_and_another_has_none()
    {
        var pod = await StartAsync();
        using (var unrecorded = new Activity("request").Start())
        {
            await pod.WithAsync(static async db => await OfGroup.ToListAsync(db, 1, Token));
            Assert.Empty(unrecorded.Events);
        }

        using var request = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        await pod.WithAsync(static async db => await OfGroup.ToListAsync(db, 1, Token));
        await pod.WithAsync(static async db => await OfGroup.ToListAsync(db, 2, Token));
        Assert.Equal(
            ["kafkacache.ef.query shop names-of-group hit", "kafkacache.ef.query shop names-of-group miss"],
            request.Events.Select(static one => $"{one.Name} {string.Join(' ', one.Tags.Select(static tag => tag.Value))}"));
    }

    private static (long Misses, long Hits, long Bypassed) Of(EfPod pod, string name)
    {
        var query = pod.Cache.Queries.Single(query => query.Name == name);
        return (query.Misses, query.Hits, query.Bypassed);
    }
}
