using System.Net;
using System.Net.Http.Json;
using KafkaCaching.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Testing.InMemory;

/// <summary>Runs a whole service on an in-memory topic.</summary>
public sealed class ReplaceKafkaCacheTests
{
    private readonly InMemoryTopic _topic = new(partitions: 3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_in_a_factory_reads_and_writes_the_topic_and_looks_for_no_Kafka()
    {
        await using var service = new Service();
        await using var factory = service.WithWebHostBuilder(web => web.ConfigureTestServices(
            services => services.ReplaceKafkaCache<string, string>(_topic)));
        using var client = factory.CreateClient();
        _topic.Produce("ada", "Ada");
        await _topic.SettleAsync(Token);
        Assert.Equal("Ada", await client.GetFromJsonAsync<string>("/users/ada", Token));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/users/bob", Token)).StatusCode);

        Assert.True((await client.PutAsJsonAsync("/users/bob", "Bob", Token)).IsSuccessStatusCode);
        Assert.Equal("Bob"u8.ToArray(), _topic.Records.Single(static record => record.Key!.AsSpan().SequenceEqual("bob"u8)).Value);
        _topic.FailPuts();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.PutAsJsonAsync("/users/bob", "Bob", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health", Token)).StatusCode);
    }

    [Fact]
    public async Task The_cache_takes_the_clock_of_the_topic_and_keeps_its_name()
    {
        var clock = new FakeTimeProvider();
        var topic = new InMemoryTopic(time: clock);
        var services = new ServiceCollection();
        services.AddKafkaCache<string, string>("users", static options => options.StaleAfter = TimeSpan.FromMinutes(1));
        services.ReplaceKafkaCache<string, string>(topic, "users");
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        await topic.SettleAsync(Token);
        Assert.Equal(("users", "in-memory", CachePhase.Ready), (cache.Name, cache.Topic, cache.Status.Phase));
        topic.Disconnect();
        clock.Advance(TimeSpan.FromMinutes(2));
        await topic.SettleAsync(Token);
        Assert.Equal(CachePhase.Stale, cache.Status.Phase);
    }

    [Fact]
    public async Task What_is_replaced_has_to_be_one_cache_that_the_container_makes()
    {
        var services = new ServiceCollection();
        Refused("No cache <String, String> is registered");
        services.AddKafkaCache<string, string>("one", static options => options.Topic = "one");
        Refused("No cache <String, String> named 'other' is registered", "other");
        services.AddKafkaCache<string, string>("two", static options => options.Topic = "two");
        Refused("2 caches have the types <String, String>: 'one', 'two'. Name one.");
        await using var made = _topic.CreateCache<string, int>();
        services.AddKafkaCache(made);
        Assert.Throws<InvalidOperationException>(() => services.ReplaceKafkaCache<string, int>(_topic));

        void Refused(string message, string? name = null) => Assert.Contains(
            message,
            Assert.Throws<InvalidOperationException>(() => services.ReplaceKafkaCache<string, string>(_topic, name)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_is_as_a_cache_has_it()
    {
        Assert.Equal((CachePhase.Starting, "why"), (CacheStatuses.Starting("why").Phase, CacheStatuses.Starting("why").Reason));
        var replaying = CacheStatuses.Replaying(0.25, partitions: 2);
        Assert.Equal((CachePhase.Replaying, 0.25, 750L), (replaying.Phase, replaying.Progress, replaying.Partitions[1].Lag));
        var ready = CacheStatuses.Ready(entries: 7, partitions: 3);
        Assert.Equal((CachePhase.Ready, 7, 3, 0L), (ready.Phase, ready.Entries, ready.Partitions.Count, ready.Partitions[2].Lag));
        Assert.Equal(CachePhase.Stale, CacheStatuses.Stale().Phase);
        Assert.Equal(CachePhase.Rebuilding, CacheStatuses.Rebuilding().Phase);
        var fault = new InvalidOperationException("broken");
        Assert.Equal((fault, "broken"), (CacheStatuses.Faulted(fault).Fault, CacheStatuses.Faulted(fault).FaultText));
        Assert.False(CacheStatuses.Stopped().IsReplayRunning);
    }

    /// <summary>The service under test, whose settings contain the address of a Kafka that doesn't exist.</summary>
    private sealed class Service : WebApplicationFactory<Service>
    {
        protected override IHostBuilder CreateHostBuilder() => Host.CreateDefaultBuilder().ConfigureWebHostDefaults(static web => web
            .ConfigureLogging(static logging => logging.ClearProviders())
            .ConfigureServices(static services =>
            {
                services.AddRouting();
                services.AddKafkaCacheProblemDetails();
                services.AddHealthChecks().AddKafkaCaches();
                services.AddKafkaCache<string, string>("users", static options =>
                {
                    options.BootstrapServers = "kafka.invalid:9092";
                    options.Topic = "users";
                    options.ReadOnly = false;
                }).ServeWhenReady();
            })
            .Configure(static app => app.UseExceptionHandler().UseRouting().UseEndpoints(static endpoints =>
            {
                endpoints.MapHealthChecks("/health");
                endpoints.MapGet("/users/{id}", static (string id, IReadOnlyKafkaCache<string, string> users) =>
                    users.TryGet(id, out var user) ? Results.Json(user) : Results.NotFound());
                endpoints.MapPut("/users/{id}", static async (string id, [Microsoft.AspNetCore.Mvc.FromBody] string user,
                    IKafkaCache<string, string> users) => Results.Json(await users.PutAsync(id, user, PutWait.Applied)));
            })));
    }
}
