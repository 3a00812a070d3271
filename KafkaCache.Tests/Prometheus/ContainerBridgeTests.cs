using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus;

/// <summary><c>AddKafkaCachePrometheus</c>.</summary>
public sealed class ContainerBridgeTests(EmbeddedBrokerFixture embedded)
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_put_by_a_hosted_service_at_the_hosts_start_is_counted_whatever_was_added_first(bool bridgeFirst)
    {
        var builder = TestHosts.Builder();
        if (bridgeFirst)
            builder.Services.AddKafkaCachePrometheus(_registry);
        AddUsers(builder.Services).ServeWhenReady();
        builder.Services.AddHostedService<PutAtStart>();
        if (!bridgeFirst)
            builder.Services.AddKafkaCachePrometheus(_registry);
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, (await Scrape.OfAsync(_registry)).Value("kafkacache_put_duration_seconds_count", "cache=\"contained\""));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_put_to_a_cache_that_is_taken_from_the_container_before_the_host_starts_is_counted()
    {
        var builder = TestHosts.Builder();
        AddUsers(builder.Services);
        builder.Services.AddKafkaCachePrometheus(_registry);
        using var host = builder.Build();

        await host.Services.GetRequiredService<IKafkaCache<string, string>>()
            .PutAsync("k", "v", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, (await Scrape.OfAsync(_registry)).Value("kafkacache_put_duration_seconds_count", "cache=\"contained\""));
    }

    [Fact]
    public async Task A_host_without_a_cache_of_its_container_listens_from_its_start()
    {
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCachePrometheus(_registry);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var topic = embedded.CreateTopic();
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));

        await cache.PutAsync("k", "v", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, (await Scrape.OfAsync(_registry)).Value("kafkacache_put_duration_seconds_count", topic));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Caches_of_another_host_are_left_out_unless_it_shares_the_registry()
    {
        using var ours = Host("ours", _registry);
        using var others = Host("others", Metrics.NewCustomRegistry());
        await ours.StartAsync(TestContext.Current.CancellationToken);
        await others.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["ours"], await NamesAsync());

        using (var shares = Host("shares", _registry))
        {
            await shares.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal(["ours", "shares"], await NamesAsync());
            await shares.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["ours"], await NamesAsync());

        async Task<IEnumerable<string>> NamesAsync() => (await Scrape.OfAsync(_registry)).Of("kafkacache_ready")
            .Select(static sample => sample.Labels.Split('"')[1])
                .Where(static name => name is "ours" or "others" or "shares")
                .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Added_twice_for_one_registry_it_counts_once_and_for_two_in_both()
    {
        var second = Metrics.NewCustomRegistry();
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCachePrometheus(_registry).AddKafkaCachePrometheus(second).AddKafkaCachePrometheus(_registry);
        AddUsers(builder.Services);
        builder.Services.AddHostedService<PutAtStart>();
        using var host = builder.Build();

        await host.StartAsync(TestContext.Current.CancellationToken);

        foreach (var registry in (CollectorRegistry[])[_registry, second])
            Assert.Equal(1, (await Scrape.OfAsync(registry)).Value("kafkacache_put_duration_seconds_count", "cache=\"contained\""));
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_ends_with_its_container()
    {
        string topic;
        await using (var services = Services())
        {
            topic = services.GetRequiredService<IReadOnlyKafkaCache<string, string>>().Topic;
            Assert.NotEmpty((await Scrape.OfAsync(_registry)).With("topic", topic));
        }

        Assert.Empty((await Scrape.OfAsync(_registry)).With("topic", topic));

        ServiceProvider Services()
        {
            var services = new ServiceCollection();
            services.AddMetrics().AddKafkaCachePrometheus(_registry);
            AddUsers(services);
            return services.BuildServiceProvider();
        }
    }

    private IHost Host(string cache, CollectorRegistry registry)
    {
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCachePrometheus(registry);
        builder.Services.AddKafkaCache(cache, TestHosts.Small(embedded.BootstrapServers, embedded.CreateTopic()));
        return builder.Build();
    }

    private KafkaCacheBuilder AddUsers(IServiceCollection services) =>
        services.AddKafkaCache(
            "contained", TestHosts.Small(embedded.BootstrapServers, embedded.CreateTopic(), static options => options.ReadOnly = false));

    private sealed class PutAtStart(IKafkaCache<string, string> users) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => users.PutAsync("k", "v", cancellationToken: cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
