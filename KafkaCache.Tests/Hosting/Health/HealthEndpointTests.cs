using System.Net;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Puts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Hosting.Health;

/// <summary>The responses of the health endpoints.</summary>
public sealed class HealthEndpointTests(EmbeddedBrokerFixture embedded)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ready_answers_503_until_the_cache_is_ready_and_live_always_200_in_whatever_order_they_were_added(bool checksFirst)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var held = new HeldApply();
        held.Close();
        await using var app = await StartAsync(services =>
        {
            if (checksFirst)
                services.AddHealthChecks().AddKafkaCaches();
            services.AddKafkaCache("users", TestHosts.Small(embedded.BootstrapServers, topic, held.Hold));
            if (!checksFirst)
                services.AddHealthChecks().AddKafkaCaches().AddKafkaCaches();
        });

        var users = app.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        await Eventually.TrueAsync(() => users.Status.Phase == CachePhase.Replaying);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await GetAsync(app, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/health/live"));

        held.Open();
        await users.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/health/ready"));
        Assert.Equal(["kafkacache-live", "kafkacache-users"], (await ReportAsync(app)).Entries.Keys.Order());
    }

    [Fact]
    public async Task A_fault_takes_readiness_away_and_restarts_nobody()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of(null, "no key"));
        await using var app = await StartAsync(services =>
        {
            services.AddKafkaCache("users", TestHosts.Small(embedded.BootstrapServers, topic, static o => o.Decode = DecodeMode.OnReplay));
            services.AddHealthChecks().AddKafkaCaches();
        });
        var users = app.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        await Eventually.TrueAsync(() => users.Status.Phase == CachePhase.Faulted);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await GetAsync(app, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/health/live"));
        var entry = (await ReportAsync(app)).Entries["kafkacache-users"];
        Assert.StartsWith("Faulted. ", entry.Description, StringComparison.Ordinal);
        Assert.Contains("offset 0", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outage_of_Kafka_takes_nobody_away_that_can_still_serve()
    {
        await using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("users");
        await using var app = await StartAsync(services =>
        {
            services.AddKafkaCache(
                "users", TestHosts.Small(broker.BootstrapServers, "users", static o => o.StaleAfter = TimeSpan.FromSeconds(1)));
            services.AddHealthChecks().AddKafkaCaches();
        });
        var users = app.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        await users.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        broker.SetBrokerDown();
        await Eventually.TrueAsync(
            () => users.Status.Reason?.Contains("Are they up, and is BootstrapServers right?", StringComparison.Ordinal) == true);
        await Eventually.TrueAsync(() => users.Status.Phase == CachePhase.Stale);

        Assert.Equal((HttpStatusCode.OK, "Degraded"), await GetAsync(app, "/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(app, "/health/live"));
        Assert.InRange((double)(await ReportAsync(app)).Entries["kafkacache-users"].Data["secondsSinceConfirmed"], 1, 600);
    }

    [Fact]
    public async Task Caches_that_exist_already_are_checked_and_each_has_a_check_of_its_own()
    {
        await using var cache = await Replay.TestCaches.ReadyAsync(
            embedded.BootstrapServers, embedded.CreateTopic(), static o => o.Name = "mine");
        await using var app = await StartAsync(services =>
        {
            services.AddHealthChecks().AddKafkaCaches();
            services.AddKafkaCache(cache);
            services.AddKafkaCache("unreachable", TestHosts.Small(TestHosts.NobodyListens, "users"));
        });
        var report = await ReportAsync(app);
        Assert.Equal(HealthStatus.Healthy, report.Entries["kafkacache-mine"].Status);
        Assert.Equal(HealthStatus.Unhealthy, report.Entries["kafkacache-unreachable"].Status);
        Assert.Equal(["ready"], report.Entries["kafkacache-mine"].Tags);
        Assert.Equal(["live"], report.Entries["kafkacache-live"].Tags);
    }

    [Theory]
    [InlineData("users", "Users", "Two caches are registered under the name 'users'")]
    [InlineData("users", "Live", "A cache is registered under the name 'Live'")]
    public async Task A_name_that_no_two_checks_can_have_stops_the_host_with_what_to_change(string first, string second, string fault)
    {
        var faults = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => StartAsync(services =>
        {
            services.AddKafkaCache(first, TestHosts.Small(TestHosts.NobodyListens, "users"));
            services.AddKafkaCache(second, TestHosts.Small(TestHosts.NobodyListens, "users"));
            services.AddHealthChecks().AddKafkaCaches();
        }));
        Assert.StartsWith(fault, Assert.Single(faults.Failures), StringComparison.Ordinal);
    }

    private static Task<HealthReport> ReportAsync(WebApplication app) =>
        app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

    private static async Task<(HttpStatusCode Code, string Text)> GetAsync(WebApplication app, string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(new Uri(app.Urls.Single()), path), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<WebApplication> StartAsync(Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        add(builder.Services);
        var app = builder.Build();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("live") });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
