using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Testing;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Every kind of query on every provider: the results with the cache equal those without it.</summary>
public sealed class QueryShapesTests(PostgresFixture postgres, QueryShapesTests.Databases databases)
    : IClassFixture<QueryShapesTests.Databases>
{
    private static readonly JsonSerializerOptions Json = new()
    {
        ReferenceHandler = ReferenceHandler.Preserve, IncludeFields = true, WriteIndented = true,
    };

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<Provider, string> Rows =>
        [.. Enum.GetValues<Provider>().SelectMany(static provider => QueryShapes.All.Keys
            .Select(shape => new TheoryDataRow<Provider, string>(provider, shape)))];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_query_gives_the_same_objects_with_the_cache(Provider provider, string shape)
    {
        var database = await databases.OfAsync(provider, postgres);
        var topic = new InMemoryTopic(partitions: 3, _clock, "shop.ef");
        await using var one = await EfPod.ReadyAsync(topic, _clock, database);
        await using var two = await EfPod.ReadyAsync(topic, _clock, database);
        var run = QueryShapes.All[shape];
        string expected;
        await using (var plain = database.Open(QueryTrackingBehavior.NoTrackingWithIdentityResolution))
            expected = Form(await run(plain, new Uncached()));

        Assert.Equal(expected, Form(await one.WithAsync(db => run(db, new Cached()))));
        Assert.Equal(0, one.Counts.Hits);
        var commands = one.Counts.Misses;
        Assert.True(commands > 0);
        await topic.SettleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, Form(await two.WithAsync(db => run(db, new Cached()))));
        Assert.Equal((commands, 0), (two.Counts.Hits, two.Counts.Misses));
    }

    private static string Form(object? result) => $"{result?.GetType()} {JsonSerializer.Serialize(result, Json)}";

    /// <summary>A database for each provider. It can be shared, because the tests of the matrix only read.</summary>
    public sealed class Databases : IAsyncDisposable
    {
        private readonly Dictionary<Provider, ShopDatabase> _databases = [];

        internal async Task<ShopDatabase> OfAsync(Provider provider, PostgresFixture postgres) =>
            _databases.TryGetValue(provider, out var known)
                ? known
                : _databases[provider] = await ShopDatabase.CreateAsync(provider, postgres);

        public async ValueTask DisposeAsync()
        {
            foreach (var database in _databases.Values)
                await database.DisposeAsync();
        }
    }
}
