using System.Net;
using System.Net.Sockets;
using KafkaCaching.Testing.Nodes;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Puts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Hosting;

public sealed class ServeWhenReadyTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task A_web_server_listens_only_when_the_cache_is_ready()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var held = new HeldApply();
        held.Close();
        var probe = new StartProbe();
        var port = FreePort.Take();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddHostedService(_ => probe);
        builder.Services.AddKafkaCache("users", TestHosts.Small(embedded.BootstrapServers, topic, held.Hold)).ServeWhenReady();
        await using var app = builder.Build();
        app.MapGet("/a", static (IReadOnlyKafkaCache<string, string> users) => users.Get("a"));

        var start = app.StartAsync(TestContext.Current.CancellationToken);
        var users = app.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        await Eventually.TrueAsync(() => users.Status.Phase == CachePhase.Replaying);
        Assert.False(probe.Started);
        Assert.False(await ListensAsync(port));

        held.Open();
        await start;
        Assert.Equal(CachePhase.Ready, users.Status.Phase);
        Assert.True(probe.Started);
        using var client = new HttpClient();
        Assert.Equal("1", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/a"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_host_without_ServeWhenReady_serves_at_once()
    {
        var probe = new StartProbe();
        var builder = TestHosts.Builder(probe);
        builder.Services.AddKafkaCache("users", TestHosts.Small(TestHosts.NobodyListens, "users"));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(probe.Started);
        Assert.Equal(CachePhase.Starting, host.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>().Status.Phase);
    }

    [Fact]
    public async Task A_fault_stops_the_host_with_what_the_cache_says_while_others_are_still_waited_for()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of(null, "no key"));
        var probe = new StartProbe();
        var builder = TestHosts.Builder(probe);
        builder.Services.AddKafkaCache(
            "unreachable",
            TestHosts.Small(TestHosts.NobodyListens, "users", static o => o.ReadyTimeout = Timeout.InfiniteTimeSpan)).ServeWhenReady();
        builder.Services.AddKafkaCache(
            "users", TestHosts.Small(embedded.BootstrapServers, topic, static o => o.Decode = DecodeMode.OnReplay)).ServeWhenReady();
        using var host = builder.Build();
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(
            () =>
                host.StartAsync(TestContext.Current.CancellationToken)
                    .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.StartsWith("The cache 'users' has faulted: ", fault.Message, StringComparison.Ordinal);
        Assert.False(probe.Started);
    }

    [Fact]
    public async Task The_ready_timeout_stops_the_host_with_what_the_cache_waits_for()
    {
        var probe = new StartProbe();
        var builder = TestHosts.Builder(probe);
        builder.Services.AddKafkaCache(
            "users",
            TestHosts.Small(
                TestHosts.NobodyListens, "users", static o => o.ReadyTimeout = TimeSpan.FromMilliseconds(200))).ServeWhenReady();
        using var host = builder.Build();
        var late = await Assert.ThrowsAsync<TimeoutException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("The cache 'users' was not ready within 0.2 s.", late.Message, StringComparison.Ordinal);
        Assert.Contains(TestHosts.NobodyListens, late.Message, StringComparison.Ordinal);
        Assert.False(probe.Started);
    }

    [Fact]
    public async Task Who_stops_the_host_while_it_waits_is_not_kept()
    {
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCache(
            "users",
            TestHosts.Small(TestHosts.NobodyListens, "users", static o => o.ReadyTimeout = Timeout.InfiniteTimeSpan)).ServeWhenReady();
        using var host = builder.Build();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var start = host.StartAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
