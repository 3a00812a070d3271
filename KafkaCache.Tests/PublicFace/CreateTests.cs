using System.Diagnostics;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.PublicFace;

public sealed class CreateTests(EmbeddedBrokerFixture embedded)
{
    private const string NobodyListens = "127.0.0.1:1";

    [Fact]
    public void Null_options_are_refused() =>
        Assert.Throws<ArgumentNullException>("options", () => KafkaCache.Create<string, string>(null!));

    [Fact]
    public void Every_fault_of_the_options_is_reported_at_once()
    {
        OptionsValidationException faults =
            Assert.Throws<OptionsValidationException>(() => KafkaCache.Create(new KafkaCacheOptions<Uri, string>
        {
            Topic = "a/b",
            PutTimeout = TimeSpan.Zero,
            Producer = new ProducerConfig { Acks = Acks.Leader },
        }));
        foreach (var option in new[] { "BootstrapServers", "Topic", "KeySerializer", "PutTimeout", "acks" })
            Assert.Contains(faults.Failures, fault => fault.Contains(option, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_nothing_listening_it_returns_at_once_the_wait_names_the_address_and_Dispose_ends_soon()
    {
        var start = Stopwatch.GetTimestamp();
        var cache = KafkaCache.Create(TestOptions.For(NobodyListens, "users"));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));

        Assert.Contains(
            NobodyListens, Assert.Throws<TimeoutException>(() => cache.WaitUntilReady(TimeSpan.FromSeconds(3))).Message,
            StringComparison.Ordinal);
        Assert.Equal(CachePhase.Starting, cache.Status.Phase);

        start = Stopwatch.GetTimestamp();
        await cache.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
    }

    [Fact]
    public async Task Disposed_at_any_moment_of_its_start_it_ends_in_order()
    {
        var topic = embedded.CreateTopic();
        await Parallel.ForEachAsync(Enumerable.Range(0, 96), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (moment, _) =>
        {
            var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));
            var start = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromMicroseconds(300 * moment));
            await cache.DisposeAsync();
            Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
        });
    }

    [Fact]
    public async Task Name_is_the_topic_unless_given()
    {
        KafkaCacheOptions<string, string> options = TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic());
        await using var unnamed = KafkaCache.Create(options);
        options.Name = "mine";
        await using var named = KafkaCache.Create(options);
        Assert.Equal((options.Topic, options.Topic), (unnamed.Name, unnamed.Topic));
        Assert.Equal(("mine", options.Topic), (named.Name, named.Topic));
    }

    [Fact]
    public async Task Changes_to_the_options_afterwards_have_no_effect()
    {
        var topic = embedded.CreateTopic();
        KafkaCacheOptions<string, string> options = TestOptions.For(embedded.BootstrapServers, topic);
        options.Producer = new ProducerConfig { LingerMs = 0 };
        await using var cache = KafkaCache.Create(options);

        options.ReadOnly = true;
        options.Topic = "another";
        options.BootstrapServers = NobodyListens;
        options.ValidatePut = static (_, _) => false;
        options.ValidateRecord = static (in CacheRecord _) => false;
        options.ValueSerializer = null;
        options.Store.MemoryBudget = 0;
        options.Producer.BootstrapServers = NobodyListens;
        options.Consumer!.BootstrapServers = NobodyListens;
        options.TimeProvider = new FakeTimeProvider();

        cache.WaitUntilReady(TimeSpan.FromSeconds(10));
        Assert.Equal(0, cache.Put("k", "v", PutWait.Applied).Offset);
        Assert.Equal((topic, "v"), (cache.Topic, cache.Get("k")));
    }

    // The same options may be changed to create another cache, and a rebuild creates the indexes again.
    [Fact]
    public async Task Indexes_that_the_options_get_afterwards_are_not_the_caches()
    {
        var topic = new InMemoryTopic();
        var options = new KafkaCacheOptions<string, string> { Topic = topic.Name, Log = topic };
        await using var cache = KafkaCache.Create(options);
        topic.Produce("a", "1");
        await topic.SettleAsync(TestContext.Current.CancellationToken);

        options.Indexes.OrderKeys = true;
        options.Indexes.AddUnique<string>("bad", static _ => throw new InvalidOperationException());
        topic.Stall();
        topic.Truncate(partition: 0, fromOffset: 0);
        topic.Produce("a", "2");
        topic.Resume();
        await Eventually.TrueAsync(() => cache.Status.Rebuilds == 1);
        await topic.SettleAsync(TestContext.Current.CancellationToken);

        Assert.Equal((CachePhase.Ready, "2"), (cache.Status.Phase, cache.Get("a")));
        Assert.Empty(cache.Status.Indexes);
        Assert.Throws<InvalidOperationException>(() => cache.ScanPrefix("a"));
    }

    [Fact]
    public async Task Life_of_a_cache_whose_broker_is_well_logs_no_warning_and_no_payload()
    {
        using var loggers = new ListLoggerFactory();
        var topic = embedded.CreateTopic();
        await using (var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic), loggers))
        {
            cache.WaitUntilReady();
            cache.Put("key-canary", "value-canary", PutWait.Applied);
            cache.Remove("key-canary", PutWait.Applied);
        }

        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Level >= LogLevel.Warning);
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Text.Contains("canary", StringComparison.Ordinal));
        Assert.Contains(loggers.Logger.Lines, static line => line.Id == 100);
    }
}
