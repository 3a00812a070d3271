using System.Buffers;
using System.Diagnostics.Metrics;
using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>Hybrid caches in a container and from a configuration.</summary>
public sealed class RegistrationTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_is_the_default_and_each_has_its_name()
    {
        var services = new ServiceCollection();
        services.AddKafkaHybridCache("one", Memory(new InMemoryTopic(time: _clock)));
        services.AddKafkaHybridCache("two", Memory(new InMemoryTopic(time: _clock)));
        await using var provider = services.BuildServiceProvider();
        var one = provider.GetRequiredService<HybridCache>();
        Assert.Same(one, provider.GetRequiredService<KafkaHybridCache>());
        Assert.Same(one, provider.GetRequiredKeyedService<HybridCache>("one"));
        var two = provider.GetRequiredKeyedService<HybridCache>("two");
        Assert.NotSame(one, two);
        Assert.Equal("two", Assert.IsType<KafkaHybridCache>(two).Name);
        Assert.Equal(["one", "two"], provider.GetServices<IKafkaCache>().Select(static cache => cache.Name));
    }

    [Fact]
    public async Task A_cache_does_not_keep_the_execution_context_of_its_first_resolver()
    {
        var services = new ServiceCollection();
        services.AddKafkaHybridCache("web", Memory(new InMemoryTopic(time: _clock)));
        await using var provider = services.BuildServiceProvider();
        var request = new AsyncLocal<object?>();
        var kept = Resolve();
        await provider.GetRequiredService<KafkaHybridCache>().Cache.WaitUntilReadyAsync(Token);
        await Eventually.TrueAsync(() =>
        {
            GC.Collect();
            return !kept.IsAlive;
        });

        WeakReference Resolve()
        {
            var made = new WeakReference(request.Value = new object());
            provider.GetRequiredService<KafkaHybridCache>();
            request.Value = null;
            return made;
        }
    }

    [Fact]
    public async Task Settings_come_from_a_section_and_from_code()
    {
        var topic = new InMemoryTopic(time: _clock);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock);
        services.AddKafkaHybridCache(
            "web",
            Section(new()
            {
                ["Topic"] = "web-cache", ["BootstrapServers"] = "localhost:1", ["TimeToLive"] = "00:00:10", ["MaxTimeToLive"] = "02:00:00",
                ["StaleIfError"] = "00:10:00", ["OneFactoryAcrossPods"] = "false", ["Backend"] = "memory",
                ["Store:MemoryBudget"] = "64 MiB", ["PutTimeout"] = "00:00:05",
            }),
            options => options.Log = topic);
        await using var provider = services.BuildServiceProvider();
        var cache = provider.GetRequiredService<KafkaHybridCache>();
        await cache.Cache.WaitUntilReadyAsync(Token);
        Assert.Equal("web-cache", cache.Cache.Topic);
        Assert.Equal(64L << 20, cache.Cache.Status.MemoryBudgetBytes);
        await cache.SetAsync("k", 1, cancellationToken: Token);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(cache.TryGet<int>("k", out _));
    }

    [Fact]
    public async Task All_faults_are_reported_at_once_before_the_host_starts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKafkaHybridCache(
            "web",
            Section(new()
            {
                ["TimeToLive"] = "secret", ["StaleIfError"] = "2.00:00:00", ["MaximumKeyLength"] = "0", ["Backend"] = "redis",
                ["TimeToLife"] = "00:01:00", ["StaleAfter"] = "00:00:00.5",
            }),
            static options => options.MaxTimeToLive = TimeSpan.FromDays(31));
        using var host = builder.Build();
        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Token));
        foreach (var option in new[]
        {
            "TimeToLive is not a time", "StaleIfError is 2.00", "MaximumKeyLength is 0", "Backend is not one of",
            "TimeToLife is not an option", "MaxTimeToLive is 31", "StaleAfter is", "Topic is missing", "BootstrapServers is missing",
        })
        {
            Assert.Contains(option, wrong.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_serializer_of_the_container_is_used_and_one_under_the_caches_name_comes_first()
    {
        await using var pod = await HybridPod.ReadyAsync(
            new InMemoryTopic(time: _clock), _clock,
            add: static services => services
                .AddSingleton<IHybridCacheSerializer<int>>(new Plus(1))
                .AddKeyedSingleton<IHybridCacheSerializer<int>>("web", new Plus(2)));
        await pod.Cache.SetAsync("k", 5, cancellationToken: Token);
        Assert.True(pod.Cache.TryGet("k", out int value));
        Assert.Equal(7, value);
    }

    [Fact]
    public async Task It_works_over_a_broker_between_two_processes_caches()
    {
        using var broker = EmbeddedBroker.Start();
        const string topic = "web";
        broker.CreateTopic(topic, partitions: 3);
        await using var one = await OverAsync(broker.BootstrapServers, topic);
        await using var two = await OverAsync(broker.BootstrapServers, topic);
        var (first, second) = (one.GetRequiredService<KafkaHybridCache>(), two.GetRequiredService<KafkaHybridCache>());
        await first.SetAsync("k", "v", tags: ["t"], cancellationToken: Token);
        await AppliedByAsync(first, second);
        Assert.True(second.TryGet("k", out string? value));
        Assert.Equal("v", value);
        await second.RemoveByTagAsync("t", Token);
        await AppliedByAsync(second, first);
        Assert.False(first.TryGet<string>("k", out _));
        Assert.Equal("new", await first.GetOrCreateAsync("k", static _ => ValueTask.FromResult("new"), cancellationToken: Token));
    }

    [Fact]
    public async Task Requests_and_invalidations_are_counted_and_the_tags_are_bounded()
    {
        await using var pod = await HybridPod.ReadyAsync(new InMemoryTopic(time: _clock), _clock);
        var factory = pod.Services.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Meter.Name == KafkaHybridCache.MeterName && instrument.Meter.Scope == factory)
                meters.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            seen.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"))} {value}"));
        listener.Start();
        await pod.Cache.GetOrCreateAsync("secret-key", static _ => ValueTask.FromResult(1), tags: ["secret-tag"], cancellationToken: Token);
        await pod.Cache.GetOrCreateAsync("secret-key", static _ => ValueTask.FromResult(1), cancellationToken: Token);
        await pod.Cache.RemoveByTagAsync("secret-tag", Token);
        listener.RecordObservableInstruments();
        Assert.Contains("kafkacache.hybrid.requests cache=web topic=web outcome=miss 1", seen);
        Assert.Contains("kafkacache.hybrid.requests cache=web topic=web outcome=hit 1", seen);
        Assert.Contains("kafkacache.hybrid.invalidations cache=web topic=web 1", seen);
        Assert.Contains("kafkacache.hybrid.failed_puts cache=web topic=web 0", seen);
        Assert.Equal(7 + 3, seen.Count);
        Assert.DoesNotContain(seen, static line => line.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain(pod.Log.Logger.Lines, static line => line.Text.Contains("secret", StringComparison.Ordinal));
    }

    private static Action<KafkaHybridCacheOptions> Memory(InMemoryTopic topic) => options =>
    {
        options.Topic = "web";
        options.Log = topic;
        options.Store.MemoryBudget = 64L << 20;
    };

    private static IConfigurationSection Section(Dictionary<string, string?> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create($"Caches:web:{setting.Key}", setting.Value)))
        .Build()
        .GetSection("Caches:web");

    private static async Task<ServiceProvider> OverAsync(string servers, string topic)
    {
        var services = new ServiceCollection();
        services.AddKafkaHybridCache("web", options =>
        {
            options.BootstrapServers = servers;
            options.Topic = topic;
            options.Store.MemoryBudget = 64L << 20;
            options.Consumer = new Confluent.Kafka.ConsumerConfig { FetchWaitMaxMs = 10 };
        });
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<KafkaHybridCache>().Cache.WaitUntilReadyAsync(Token);
        return provider;
    }

    private static async Task AppliedByAsync(KafkaHybridCache writer, KafkaHybridCache reader)
    {
        foreach (var partition in writer.Cache.Status.Partitions.Where(static partition => partition.Position > 0))
            await reader.Cache.WaitUntilAppliedAsync(new CachePosition(partition.Partition, partition.Position - 1), Token);
    }

    private sealed class Plus(int more) : IHybridCacheSerializer<int>
    {
        public int Deserialize(ReadOnlySequence<byte> source) => source.FirstSpan[0];

        public void Serialize(int value, IBufferWriter<byte> target) => target.Write([(byte)(value + more)]);
    }
}
