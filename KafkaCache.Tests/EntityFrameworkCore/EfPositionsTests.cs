using System.Net.Http.Json;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Hybrid;
using KafkaCaching.Logs;
using KafkaCaching.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.EntityFrameworkCore;

/// <summary>Two web servers with one database. A client that sends the position header of one with a request to the other must read the
/// commits of the first.</summary>
public sealed class EfPositionsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Header = "KafkaCache-Position";

    private readonly InMemoryTopic _topic = new(partitions: 3, name: "shop.ef");
    private readonly List<IAsyncDisposable> _owned = [];

    public static TheoryData<Writing, KafkaEfInvalidation> Writings => new MatrixTheoryData<Writing, KafkaEfInvalidation>(
        Enum.GetValues<Writing>(), [KafkaEfInvalidation.AfterCommit, KafkaEfInvalidation.AroundCommit]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Writings))]
    public async Task The_header_of_a_commit_makes_another_host_wait_for_its_marks(Writing writing, KafkaEfInvalidation invalidation)
    {
        var database = await ShopDatabase.CreateAsync(EfWrites.ProviderOf(writing), postgres);
        _owned.Add(database);
        using var lagging = new LaggingLog(_topic);
        var (one, two) = (await StartAsync(database, _topic, invalidation), await StartAsync(database, lagging, invalidation));
        Assert.Equal("Ada", await two.GetStringAsync("/name", Token));
        Assert.Equal("Ada", await two.GetStringAsync("/name", Token));

        lagging.Lag();
        using var saved = await one.PostAsync($"/rename/{writing}", content: null, Token);
        saved.EnsureSuccessStatusCode();
        var position = Assert.Single(saved.Headers.GetValues(Header));
        Assert.Equal("Ada", await two.GetStringAsync("/name", Token));
        var reading = GetAsync(two, position);
        Assert.False(reading.IsCompleted);
        lagging.CatchUp();
        Assert.Equal("Eve", await reading);
        Assert.Equal("Eve", await GetAsync(one, position));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned))
            await owned.DisposeAsync();
    }

    private static async Task<string> GetAsync(HttpClient host, string position)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/name");
        request.Headers.Add(Header, position);
        using var response = await host.SendAsync(request, Token);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(Token);
    }

    private async Task<HttpClient> StartAsync(ShopDatabase database, ITopicLog log, KafkaEfInvalidation invalidation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKafkaEfCache("shop", options =>
        {
            options.Hybrid.Log = log;
            options.Topic = "shop.ef";
            options.Hybrid.Store.MemoryBudget = 64L << 20;
            options.Invalidation = invalidation;
            options.DeclareColumn<User>(static user => user.GroupId);
        });
        builder.Services.AddDbContextFactory<ShopContext>((services, options) =>
        {
            database.Use(options);
            options.UseKafkaCache(services, "shop");
        });
        var app = builder.Build();
        app.UseKafkaCachePositions();
        app.MapGet("/name", static async (IDbContextFactory<ShopContext> contexts) =>
        {
            await using var db = await contexts.CreateDbContextAsync(Token);
            return (await db.Users.FindCachedAsync(ShopData.Ada))!.Name;
        });
        app.MapPost("/rename/{writing}", static (Writing writing, IDbContextFactory<ShopContext> contexts) =>
            EfWrites.RenameAdaAsync(contexts.CreateDbContext, writing));
        await app.StartAsync(Token);
        await app.Services.GetRequiredKeyedService<KafkaHybridCache>("shop").Cache.WaitUntilReadyAsync(Token);
        _owned.Add(app);
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(2) };
        _owned.Add(new Ending(client));
        return client;
    }

    private sealed class Ending(HttpClient client) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
