using System.Net;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Promises;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Snapshots;
using KafkaCaching.Tests.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Snapshots;

/// <summary>An instance without a snapshot fetches the snapshot of another instance.</summary>
public sealed class SiblingTests(RealBrokerFixture real) : IDisposable
{
    // Enough records that a snapshot is preferred to a replay.
    private const int Records = 120_000;

    private readonly TemporaryDirectory _own = new();
    private readonly TemporaryDirectory _siblings = new();

    public void Dispose()
    {
        _own.Dispose();
        _siblings.Dispose();
    }

    [Fact]
    public async Task New_instance_starts_warm_from_the_snapshot_of_another_and_keeps_it()
    {
        var kafka = await real.ConnectAsync();
        var topic = await FillAsync(kafka, Records);
        await using var sibling = await SiblingAsync(kafka, topic);
        await using var host = await HostAsync(sibling, static endpoint => endpoint.AllowAnonymous());
        await kafka.ProduceAsync(topic, "later", "1");

        await using (var cache = await StartAsync(kafka, topic, $"{host.Urls.Single()}/kafkacache/snapshot/{topic}"))
        {
            Assert.True(cache.Status.Start!.IsWarm, $"{cache.Status.Start.Reason}: {cache.Status.Start.Problem}");
            Assert.Equal(Records, cache.Status.Start.Entries);
            Assert.Equal("1", cache.Get("later"));
            await WholeLog.AssertIsFoldAsync(cache, await WholeLog.ReadAsync(kafka, topic, partitions: 1));
        }

        await using var again = await StartAsync(kafka, topic, from: null);
        Assert.True(again.Status.Start!.IsWarm);
    }

    [Fact]
    public async Task Sibling_without_authorization_away_damaged_or_breaking_off_means_cold_with_its_reason()
    {
        var kafka = await real.ConnectAsync();
        var topic = await FillAsync(kafka, Records);
        await using var sibling = await SiblingAsync(kafka, topic);
        var snapshot = await File.ReadAllBytesAsync(SnapshotTesting.OnlyFileIn(_siblings.Path), TestContext.Current.CancellationToken);
        await using var closed = await HostAsync(sibling, static _ => { });
        await using var odd = await OddHostAsync(snapshot);

        await ColdAsync($"{closed.Urls.Single()}/kafkacache/snapshot/{topic}", "answered 404");
        await ColdAsync("http://127.0.0.1:1/kafkacache/snapshot/x", "127.0.0.1:1");
        await ColdAsync($"{odd.Urls.Single()}/cut", "127.0.0.1");
        await ColdAsync($"{odd.Urls.Single()}/short", "not complete");
        await ColdAsync($"{odd.Urls.Single()}/endless", "does not state the size");

        async Task ColdAsync(string from, string problem)
        {
            await using var cache = await StartAsync(kafka, topic, from);
            Assert.Equal(ColdStartReason.NoSnapshot, cache.Status.Start!.Reason);
            Assert.Contains(problem, cache.Status.Start.Problem, StringComparison.Ordinal);
            Assert.Equal(Records, cache.Count);
            Assert.Empty(Directory.GetFiles(_own.Path, "*.tmp"));
        }
    }

    [Fact]
    public async Task One_of_several_siblings_is_enough()
    {
        var kafka = await real.ConnectAsync();
        var topic = await FillAsync(kafka, Records);
        await using var sibling = await SiblingAsync(kafka, topic);
        await using var host = await HostAsync(sibling, static endpoint => endpoint.AllowAnonymous());

        await using var cache = await StartAsync(
            kafka, topic, $"http://127.0.0.1:1/a, {host.Urls.Single()}/kafkacache/snapshot/{topic}, http://127.0.0.1:1/b");
        Assert.True(cache.Status.Start!.IsWarm);
    }

    [Fact]
    public async Task Small_topic_is_replayed_although_a_sibling_is_slow_to_answer()
    {
        var kafka = await real.ConnectAsync();
        var topic = await FillAsync(kafka, 100);
        await using var odd = await OddHostAsync([]);

        await using var cache = await StartAsync(kafka, topic, $"{odd.Urls.Single()}/silent");
        Assert.Contains("replay is quicker", cache.Status.Start!.Problem, StringComparison.Ordinal);
        Assert.Equal(100, cache.Count);
    }

    [Fact]
    public async Task Third_at_a_time_is_asked_to_come_again()
    {
        var kafka = await real.ConnectAsync();
        var topic = await FillAsync(kafka, Records);
        await using var sibling = await SiblingAsync(kafka, topic);
        await using var host = await HostAsync(sibling, static endpoint => endpoint.AllowAnonymous());
        var address = new Uri($"{host.Urls.Single()}/kafkacache/snapshot/{topic}");
        using var client = new HttpClient();

        // The bodies are larger than the socket buffers and are not read, so both transfers remain in progress.
        using var first = await client.GetAsync(
            address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var second = await client.GetAsync(
            address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var third = await client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.NotNull(third.Headers.RetryAfter);
        using var unknown = await client.GetAsync(new Uri(address, "nobody"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<string> FillAsync(TestKafka kafka, int records)
    {
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(
            topic, Enumerable.Range(0, records).Select(static i => TestRecord.Of($"k{i}", $"{Guid.NewGuid()}{Guid.NewGuid()}")));
        return topic;
    }

    private async Task<KafkaCache<string, string>> SiblingAsync(TestKafka kafka, string topic)
    {
        var cache = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, o => o.Snapshot.Directory = _siblings.Path);
        await cache.WriteSnapshotAsync();
        return cache;
    }

    private Task<KafkaCache<string, string>> StartAsync(TestKafka kafka, string topic, string? from) =>
        TestCaches.ReadyAsync(kafka.BootstrapServers, topic, o => (o.Snapshot.Directory, o.Snapshot.From) = (_own.Path, from));

    private static Task<WebApplication> HostAsync(IKafkaCache cache, Action<IEndpointConventionBuilder> authorize) => ListenAsync(
        services => services.AddSingleton(cache), app => authorize(app.MapKafkaCacheSnapshot()));

    private static Task<WebApplication> OddHostAsync(byte[] snapshot) => ListenAsync(
        static _ => { },
        app =>
        {
            app.MapGet("/cut", async context =>
            {
                context.Response.ContentLength = snapshot.Length;
                await context.Response.Body.WriteAsync(snapshot.AsMemory(0, snapshot.Length / 2));
                context.Abort();
            });
            app.MapGet("/short", () => Results.Bytes(snapshot[..^1]));
            app.MapGet("/endless", context =>
            {
                context.Response.ContentLength = long.MaxValue;
                return context.Response.StartAsync();
            });
            app.MapGet("/silent", static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        });

    private static async Task<WebApplication> ListenAsync(Action<IServiceCollection> add, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthorization();
        add(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
