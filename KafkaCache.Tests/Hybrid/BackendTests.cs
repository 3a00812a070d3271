using KafkaCaching.Hybrid;
using KafkaCaching.Hybrid.Memory;
using KafkaCaching.Logs;
using KafkaCaching.Testing;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The backends that the option <c>Backend</c> selects.</summary>
public sealed class BackendTests
{
    private static readonly string[] Tags = ["all"];

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_needs_nothing_but_its_name()
    {
        using var host = await StartAsync(new() { ["Caches:web:Backend"] = "Memory", ["Caches:web:Store:MemoryBudget"] = "64 MiB" });
        var cache = host.Services.GetRequiredService<KafkaHybridCache>();
        await cache.Cache.WaitUntilReadyAsync(Token);

        await cache.SetAsync("a", 1, tags: Tags, cancellationToken: Token);
        await cache.SetAsync("b", 2, cancellationToken: Token);
        Assert.Equal(1, await cache.GetOrCreateAsync("a", static _ => ValueTask.FromResult(7), cancellationToken: Token));
        await cache.RemoveByTagAsync("all", Token);

        Assert.False(cache.TryGet<int>("a", out _));
        Assert.True(cache.TryGet<int>("b", out _));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(cache.TryGet<int>("b", out _));
    }

    [Fact]
    public async Task Memory_keeps_no_record_that_has_been_read()
    {
        using var host = await StartAsync(
            new() { ["Caches:web:Backend"] = "Memory", ["Caches:web:Store:MemoryBudget"] = "64 MiB" });
        var cache = host.Services.GetRequiredService<KafkaHybridCache>();
        await cache.Cache.WaitUntilReadyAsync(Token);

        for (var i = 0; i < 1_000; i++)
            await cache.SetAsync($"k{i % 10}", i, cancellationToken: Token);

        // Each set writes two records: the entry and its mark.
        Assert.Equal(2_000, cache.Cache.Status.RecordsApplied);
        Assert.Equal(CachePhase.Ready, cache.Cache.Status.Phase);
        Assert.True(cache.TryGet<int>("k9", out var last));
        Assert.Equal(999, last);
    }

    [Fact]
    public async Task A_replay_of_what_has_been_read_finds_another_topic()
    {
        var log = new ProcessLog(_clock);
        await log.AppendAsync([1], [2], []);
        var before = await log.DescribeAsync();
        using (var reader = log.OpenReader(before.TopicId, [new CachePosition(0, 0)]))
        {
            var batch = reader.Read(10, TimeSpan.FromSeconds(1));
            Assert.Equal((1, new CachePosition(0, 1)), (batch.Records.Count, Assert.Single(batch.Ends)));
        }

        await log.AppendAsync([3], [4], []);
        using var again = log.OpenReader(before.TopicId, [new CachePosition(0, 0)]);
        var changed = Assert.Throws<TopicLogException>(() => again.Read(10, TimeSpan.FromSeconds(1)));
        var after = await log.DescribeAsync();

        Assert.Equal(TopicLogProblem.LogChanged, changed.Problem);
        Assert.NotEqual(before.TopicId, after.TopicId);
        Assert.Equal(new LogRange(1, 2, 2), Assert.Single(after.Partitions));
        using var next = log.OpenReader(after.TopicId, [new CachePosition(0, 1)]);
        Assert.Equal([3], Assert.Single(next.Read(10, TimeSpan.FromSeconds(1)).Records).Key);
    }

    [Fact]
    public async Task Two_caches_in_memory_are_two()
    {
        using var host = await StartAsync(
            new()
            {
                ["Caches:web:Backend"] = "Memory", ["Caches:web:Store:MemoryBudget"] = "64 MiB",
                ["Caches:other:Backend"] = "Memory", ["Caches:other:Store:MemoryBudget"] = "64 MiB",
            },
            "web", "other");
        var web = host.Services.GetRequiredKeyedService<KafkaHybridCache>("web");
        var other = host.Services.GetRequiredKeyedService<KafkaHybridCache>("other");
        await web.Cache.WaitUntilReadyAsync(Token);
        await other.Cache.WaitUntilReadyAsync(Token);

        await web.SetAsync("k", 1, cancellationToken: Token);

        Assert.False(other.TryGet<int>("k", out _));
    }

    [Fact]
    public async Task Embedded_takes_the_broker_that_code_starts()
    {
        await using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("web-cache", partitions: 4);
        using var host = await StartAsync(
            new()
            {
                ["Caches:web:Backend"] = "Embedded", ["Caches:web:Topic"] = "web-cache", ["Caches:web:Store:MemoryBudget"] = "64 MiB",
                ["Caches:web:Consumer:FetchWaitMaxMs"] = "10",
            },
            TimeProvider.System, options => options.BootstrapServers = broker.BootstrapServers, "web");
        var cache = host.Services.GetRequiredService<KafkaHybridCache>();
        await cache.Cache.WaitUntilReadyAsync(Token);

        await cache.SetAsync("k", 1, cancellationToken: Token);

        Assert.True(cache.TryGet<int>("k", out _));
    }

    [Fact]
    public async Task The_defaults_of_all_caches_hold_for_hybrid_caches_too()
    {
        await using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("web-cache");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKafkaCacheDefaults(defaults =>
        {
            defaults.BootstrapServers = broker.BootstrapServers;
            defaults.Store.MemoryBudget = 64L << 20;
            defaults.Consumer = new Confluent.Kafka.ConsumerConfig { FetchWaitMaxMs = 10 };
        });
        builder.Services.AddKafkaHybridCache("web", static options =>
        {
            options.Topic = "web-cache";
            options.Backend = KafkaHybridCacheBackend.Embedded;
        });
        using var host = builder.Build();
        await host.StartAsync(Token);

        var cache = host.Services.GetRequiredService<KafkaHybridCache>();
        await cache.Cache.WaitUntilReadyAsync(Token);

        await cache.SetAsync("k", 1, cancellationToken: Token);

        Assert.True(cache.TryGet<int>("k", out _));
        Assert.Equal(64L << 20, cache.Cache.Status.MemoryBudgetBytes);
    }

    [Fact]
    public async Task Embedded_without_a_broker_is_a_fault_that_says_what_to_add()
    {
        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(
            () => StartAsync(new() { ["Caches:web:Backend"] = "Embedded", ["Caches:web:Topic"] = "web-cache" }));

        Assert.Contains("Add the package KafkaCache.Testing", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("options.BootstrapServers = broker.BootstrapServers", wrong.Message, StringComparison.Ordinal);
    }

    private Task<IHost> StartAsync(Dictionary<string, string?> settings, params string[] names) =>
        StartAsync(settings, _clock, configure: null, names is [] ? ["web"] : names);

    private static async Task<IHost> StartAsync(
        Dictionary<string, string?> settings, TimeProvider time, Action<KafkaHybridCacheOptions>? configure, params string[] names)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(time);
        foreach (var name in names)
            builder.Services.AddKafkaHybridCache(name, builder.Configuration.GetSection($"Caches:{name}"), configure);
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }
}
