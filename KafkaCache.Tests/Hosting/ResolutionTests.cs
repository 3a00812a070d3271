using System.Diagnostics.Metrics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Hosting;

public sealed class ResolutionTests(EmbeddedBrokerFixture embedded)
{
    private sealed class NeedsUsers([FromKeyedServices("users")] IReadOnlyKafkaCache<string, string> users)
    {
        public IReadOnlyKafkaCache<string, string> Users { get; } = users;
    }

    [Fact]
    public async Task One_cache_is_resolved_by_name_and_without_and_is_one_instance()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "users", static o => o.ReadOnly = false);
        builder.Services.AddSingleton<NeedsUsers>();
        using var host = builder.Build();

        var users = host.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>();
        Assert.Same(users, host.Services.GetRequiredKeyedService<IReadOnlyKafkaCache<string, string>>("users"));
        Assert.Same(users, host.Services.GetRequiredService<IKafkaCache<string, string>>());
        Assert.Same(users, host.Services.GetRequiredKeyedService<IKafkaCache<string, string>>("users"));
        Assert.Same(users, host.Services.GetRequiredService<NeedsUsers>().Users);
        Assert.Equal("users", users.Name);
        await users.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_read_only_cache_is_not_resolved_as_a_writable_one_and_the_message_says_what_to_set()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "users");
        using var host = builder.Build();
        foreach (var resolve in new Func<object>[]
        {
            () => host.Services.GetRequiredService<IKafkaCache<string, string>>(),
            () => host.Services.GetRequiredKeyedService<IKafkaCache<string, string>>("users"),
        })
        {
            var refused = Assert.Throws<InvalidOperationException>(resolve);
            Assert.Equal(
                "The cache 'users' is read-only, so it is not an IKafkaCache<String, String>. Set ReadOnly = false in its options to write "
                + "to it, or ask for IReadOnlyKafkaCache<String, String>.",
                refused.Message);
        }

        Assert.NotNull(host.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>());
    }

    [Fact]
    public void Of_two_caches_of_the_same_types_one_must_be_named_and_the_message_says_how()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "users");
        Add(builder.Services, "people", static o => o.ReadOnly = false);
        builder.Services.AddKafkaCache<string, byte[]>("bytes", o => (o.BootstrapServers, o.Topic) = (embedded.BootstrapServers, "bytes"));
        using var host = builder.Build();

        var ambiguous = Assert.Throws<InvalidOperationException>(
            () => host.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>());
        Assert.Equal(
            "2 caches have the type IReadOnlyKafkaCache<String, String>: 'users', 'people'. Ask for one by its name: "
            + "[FromKeyedServices(\"users\")], or GetRequiredKeyedService(\"users\").",
            ambiguous.Message);
        Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IKafkaCache<string, string>>());
        Assert.Equal("users", host.Services.GetRequiredKeyedService<IReadOnlyKafkaCache<string, string>>("users").Name);
        Assert.Equal("people", host.Services.GetRequiredKeyedService<IKafkaCache<string, string>>("people").Name);
        Assert.Equal("bytes", host.Services.GetRequiredService<IReadOnlyKafkaCache<string, byte[]>>().Name);
        Assert.Equal(
            ["people", "users"],
            host.Services.GetKeyedServices<IReadOnlyKafkaCache<string, string>>(KeyedService.AnyKey)
                .Select(static cache => cache.Name)
                .Order());
    }

    [Fact]
    public async Task Every_cache_starts_with_the_host_has_one_handle_and_ends_with_the_container()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCache("users", TestHosts.Small(embedded.BootstrapServers, topic));
        builder.Services.AddKafkaCache<string, byte[]>("bytes", o => (o.BootstrapServers, o.Topic) = (embedded.BootstrapServers, topic));
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        var handles = host.Services.GetServices<IKafkaCache>().ToArray();
        Assert.Equal(["users", "bytes"], handles.Select(static handle => handle.Name));
        await Eventually.TrueAsync(() => handles.All(static handle => handle.Status.Phase == CachePhase.Ready));

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.All(handles, static handle => Assert.Equal(CachePhase.Ready, handle.Status.Phase));
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.All(handles, static handle => Assert.Equal(CachePhase.Stopped, handle.Status.Phase));
    }

    [Fact]
    public async Task A_cache_that_nobody_resolved_by_type_ends_with_a_container_that_is_disposed_of_synchronously()
    {
        var builder = TestHosts.Builder();
        Add(builder.Services, "users");
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var handle = Assert.Single(host.Services.GetServices<IKafkaCache>());
        host.Dispose();
        Assert.Equal(CachePhase.Stopped, handle.Status.Phase);
    }

    [Fact]
    public async Task An_existing_cache_is_resolved_like_any_other_and_the_container_does_not_dispose_of_it()
    {
        await using var cache = await TestCaches.ReadyAsync(
            embedded.BootstrapServers, embedded.CreateTopic(), static o => (o.ReadOnly, o.Name) = (false, "users"));
        var builder = TestHosts.Builder();
        Assert.Equal("users", builder.Services.AddKafkaCache(cache).ServeWhenReady().Name);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.Same(cache, host.Services.GetRequiredService<IReadOnlyKafkaCache<string, string>>());
        Assert.Same(cache, host.Services.GetRequiredService<IKafkaCache<string, string>>());
        Assert.Same(cache, host.Services.GetRequiredKeyedService<IReadOnlyKafkaCache<string, string>>("users"));
        Assert.Same(cache, host.Services.GetRequiredKeyedService<IKafkaCache<string, string>>("users"));
        Assert.Equal("users", Assert.Single(host.Services.GetServices<IKafkaCache>()).Name);
        await host.StopAsync(TestContext.Current.CancellationToken);
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
    }

    [Fact]
    public async Task An_existing_read_only_cache_is_not_resolved_as_a_writable_one()
    {
        await using var cache = TestCaches.Start(embedded.BootstrapServers, embedded.CreateTopic());
        var builder = TestHosts.Builder();
        builder.Services.AddKafkaCache(cache);
        using var host = builder.Build();
        Assert.Contains(
            "ReadOnly = false",
            Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IKafkaCache<string, string>>()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logger_clock_and_meters_come_from_the_container()
    {
        using var loggers = new ListLoggerFactory();
        var clock = new FakeTimeProvider();
        using var meters = new CountingMeterFactory();
        var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(loggers)
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IMeterFactory>(meters);
        services.AddKafkaCache(
            "users", TestHosts.Small(TestHosts.NobodyListens, "users", static o => o.ReadyTimeout = TimeSpan.FromHours(1)));
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<IReadOnlyKafkaCache<string, string>>();

        var wait = cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(1));
        await EndsAsync(wait);
        Assert.Equal(["KafkaCache"], meters.Made);
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Count > 0);
    }

    [Fact]
    public async Task Clock_and_meters_of_the_options_come_first()
    {
        var clock = new FakeTimeProvider();
        using var meters = new CountingMeterFactory();
        using var others = new CountingMeterFactory();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(new FakeTimeProvider()).AddSingleton<IMeterFactory>(others);
        services.AddKafkaCache("users", TestHosts.Small(
            TestHosts.NobodyListens, "users",
            o => (o.ReadyTimeout, o.TimeProvider, o.MeterFactory) = (TimeSpan.FromHours(1), clock, meters)));
        await using var provider = services.BuildServiceProvider();
        var wait = provider.GetRequiredService<IReadOnlyKafkaCache<string, string>>()
            .WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromHours(1));
        await EndsAsync(wait);
        Assert.Single(meters.Made);
        Assert.Empty(others.Made);
    }

    [Fact]
    public void Options_may_be_configured_apart_under_the_name_and_another_name_may_be_shown()
    {
        var services = new ServiceCollection();
        services.AddKafkaCache<string, string>("users", static o => o.Topic = "first");
        services.Configure<KafkaCacheOptions<string, string>>(
            "users", static o => (o.BootstrapServers, o.Topic, o.Name) = (TestHosts.NobodyListens, "second", "people"));
        using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredKeyedService<IReadOnlyKafkaCache<string, string>>("users");
        Assert.Equal(("people", "second"), (cache.Name, cache.Topic));
    }

    private static async Task EndsAsync(Task wait) => Assert.Contains(
        "was not ready within 3600 s",
        (
            await Assert.ThrowsAsync<TimeoutException>(
                () => wait.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken))).Message,
        StringComparison.Ordinal);

    private void Add(IServiceCollection services, string name, Action<KafkaCacheOptions<string, string>>? more = null) =>
        services.AddKafkaCache(name, TestHosts.Small(embedded.BootstrapServers, embedded.CreateTopic(), more));

    private sealed class CountingMeterFactory : IMeterFactory
    {
        public List<string> Made { get; } = [];

        public Meter Create(MeterOptions options)
        {
            Made.Add(options.Name);
            return new Meter(options);
        }

        public void Dispose()
        {
            // The meters are not disposed.
        }
    }
}
