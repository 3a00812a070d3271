using System.Diagnostics.Metrics;
using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Diagnostics;

public sealed class CacheMetricsTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private static readonly string[] PerPartition = [
        "kafkacache.high_watermark", "kafkacache.lag", "kafkacache.lag.duration", "kafkacache.position",
    ];

    private static readonly string[] PerCache =
    [
        "kafkacache.applied", "kafkacache.changes.pending", "kafkacache.clients.left_behind", "kafkacache.consumer.recreations",
        "kafkacache.entries",
        "kafkacache.entries.evicted", "kafkacache.entries.expired", "kafkacache.keys.contested",
        "kafkacache.memory", "kafkacache.memory.budget", "kafkacache.memory.contested", "kafkacache.progress", "kafkacache.ready",
        "kafkacache.rebuilds", "kafkacache.records.applied", "kafkacache.stale", "kafkacache.time_to_ready", "kafkacache.watchers",
    ];

    private static readonly (string Instrument, string Tag, int Series)[] PerCacheAndTag =
    [
        ("kafkacache.phase", "phase", Enum.GetValues<CachePhase>().Length),
        ("kafkacache.reads", "result", 3),
        ("kafkacache.record.errors", "reason", Enum.GetValues<RecordErrorReason>().Length),
    ];

    private static readonly int SeriesOfACache = PerCache.Length + PerCacheAndTag.Sum(static one => one.Series);

    [Fact]
    public async Task Each_index_shows_its_terms_postings_and_conflicts()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("1", "a"), TestRecord.Of("2", "a"), TestRecord.Of("3", "b"));
        using var meters = new OwnMeterFactory();
        var options = Options(embedded.BootstrapServers, topic, meters);
        options.Indexes.AddUnique("whole", static value => value);
        options.Indexes.Add("chars", static value => value);
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        using var scrape = new MeterScrape(meters);
        Assert.Equal((2, 2), (Of("terms", "whole"), Of("terms", "chars")));
        Assert.Equal((3, 3), (Of("postings", "whole"), Of("postings", "chars")));
        Assert.Equal((1, 0), (Of("conflicts", "whole"), Of("conflicts", "chars")));

        double Of(string what, string index) => scrape.Tagged($"kafkacache.index.{what}", "index", index);
    }

    [Fact]
    public async Task Caught_up_cache_shows_no_lag_and_positions_at_the_high_watermarks_of_a_real_broker()
    {
        const int partitions = 3;
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 100).Select(static i => TestRecord.Of($"k{i % 40}", "v")));
        using var meters = new OwnMeterFactory();
        await using var cache = KafkaCache.Create(Options(kafka.BootstrapServers, topic, meters));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("k0", "again", PutWait.Applied, TestContext.Current.CancellationToken);

        using var scrape = new MeterScrape(meters);
        for (var partition = 0; partition < partitions; partition++)
        {
            Assert.Equal(0, scrape.Value("kafkacache.lag", "name", topic, partition));
            Assert.Equal(await kafka.EndOffsetAsync(topic, partition), scrape.Value("kafkacache.position", "name", topic, partition));
            Assert.Equal(await kafka.EndOffsetAsync(topic, partition), scrape.Value("kafkacache.high_watermark", "name", topic, partition));
        }

        Assert.Equal(1, scrape.Value("kafkacache.ready", "name", topic));
        Assert.Equal(40, scrape.Value("kafkacache.entries", "name", topic));
        Assert.Equal(101, scrape.Value("kafkacache.records.applied", "name", topic));
        Assert.Equal(
            Enumerable.Range(0, 100).Sum(static i => $"k{i % 40}v".Length) + "k0again".Length,
            scrape.Value("kafkacache.applied", "name", topic));
        Assert.Equal(0, scrape.Sum("kafkacache.record.errors", "name"));
        Assert.Equal((partitions * PerPartition.Length) + SeriesOfACache, scrape.Count);
    }

    [Fact]
    public async Task Lag_rises_behind_an_open_transaction_and_is_gone_when_it_ends()
    {
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        using var meters = new OwnMeterFactory();
        KafkaCacheOptions<string, string> options = Options(kafka.BootstrapServers, topic, meters);
        options.StaleAfter = TimeSpan.FromSeconds(3);
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        using var scrape = new MeterScrape(meters);

        using (
            TestTransaction transaction = await kafka.BeginTransactionAsync(
                topic, Enumerable.Range(0, 7).Select(static i => TestRecord.Of($"k{i}", "v"))))
        {
            await Eventually.TrueAsync(() => scrape.Again().Value("kafkacache.lag", "name", topic, 0) == 7);
            Assert.Equal(0, scrape.Value("kafkacache.position", "name", topic, 0));
            Assert.Equal(7, scrape.Value("kafkacache.high_watermark", "name", topic, 0));
            await transaction.CommitAsync();
        }

        await Eventually.TrueAsync(() => scrape.Again().Value("kafkacache.entries", "name", topic) == 7);
        await Eventually.TrueAsync(() => scrape.Again().Value("kafkacache.lag", "name", topic, 0) == 0);
        await Eventually.TrueAsync(
            async () => scrape.Again().Value("kafkacache.position", "name", topic, 0) == await kafka.EndOffsetAsync(topic, 0),
            "the position passes the marker");
    }

    [Fact]
    public async Task Tags_are_the_cache_the_topic_and_for_offsets_the_partition()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        await using var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        using var scrape = new MeterScrape(meters);
        Assert.Equal(
            PerPartition.Concat(PerCache).Concat(PerCacheAndTag.Select(static one => one.Instrument)).Order(), scrape.Instruments.Order());
        Assert.All(PerPartition, name => Assert.Equal(["cache", "partition", "topic"], scrape.TagNames(name)));
        Assert.All(PerCache, name => Assert.Equal(["cache", "topic"], scrape.TagNames(name)));
        Assert.All(PerCacheAndTag, one => Assert.Equal([.. new[] { "cache", one.Tag, "topic" }.Order()], scrape.TagNames(one.Instrument)));
    }

    [Fact]
    public void Caches_of_one_factory_that_begin_at_once_share_their_instruments()
    {
        const int Caches = 8;
        for (var round = 0; round < 50; round++)
        {
            using var meters = new OwnMeterFactory();
            using var together = new Barrier(Caches);
            var threads = Enumerable.Range(0, Caches).Select(_ => new Thread(() =>
            {
                together.SignalAndWait();
                CacheMetrics.For(meters);
            })).ToList();
            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());
            Assert.Equal(1, meters.Created);
        }
    }

    [Fact]
    public async Task Of_the_series_of_all_phases_only_the_current_one_is_1()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        await using var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        using var scrape = new MeterScrape(meters);
        Assert.Equal(
            ["starting", "replaying", "ready", "stale", "rebuilding", "faulted", "stopped"], scrape.TagValues("kafkacache.phase", "phase"));
        Assert.Equal(1, scrape.Tagged("kafkacache.phase", "phase", "ready"));
        Assert.Equal(1, scrape.Sum("kafkacache.phase", "name"));
        Assert.Equal(cache.Status.TimeToReady!.Value.TotalSeconds, scrape.Value("kafkacache.time_to_ready", "name", topic));
        Assert.Equal(32L << 20, scrape.Value("kafkacache.memory.budget", "name", topic));
        Assert.InRange(scrape.Value("kafkacache.memory", "name", topic), 1, 32L << 20);
    }

    [Fact]
    public async Task Room_on_disk_is_reported_for_a_cache_that_spills_and_for_no_other()
    {
        var topic = embedded.CreateTopic();
        using var directory = new TemporaryDirectory();
        using var meters = new OwnMeterFactory();
        var options = Options(embedded.BootstrapServers, topic, meters, "spills");
        options.Store.SpillDirectory = directory.Path;
        options.Store.MemoryBudget = 16 << 20;
        await using var cache = KafkaCache.Create(options);
        await using var other = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters, "other"));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        using var scrape = new MeterScrape(meters);
        Assert.Equal(["spills"], scrape.TagValues("kafkacache.spilled", "cache"));
        Assert.Equal(0, cache.Status.SpilledBytes);
        Assert.Null(other.Status.SpilledBytes);

        var value = new string('v', 100_000);
        for (var i = 0; cache.Status.SpilledBytes == 0; i++)
            await cache.PutAsync($"k{i}", value, PutWait.Applied, TestContext.Current.CancellationToken);

        using var later = new MeterScrape(meters);
        Assert.Equal(cache.Status.SpilledBytes!.Value, later.Value("kafkacache.spilled", "spills", topic));
    }

    [Fact]
    public async Task Reads_are_counted_by_what_they_came_to()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        await using var waits = KafkaCache.Create(Options(embedded.BootstrapServers, TestKafka.UniqueTopic(), meters, "waits"));
        Assert.Throws<CacheNotReadyException>(() => waits.Get("k"));
        await using var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Equal("v", cache.Get("k"));
        Assert.True(cache.TryGetBytes("k", new System.Buffers.ArrayBufferWriter<byte>()));
        Assert.False(cache.TryGet("absent", out _));

        using var scrape = new MeterScrape(meters);
        Assert.Equal(2, scrape.Tagged("kafkacache.reads", "result", "hit"));
        Assert.Equal(1, scrape.Tagged("kafkacache.reads", "result", "miss"));
        Assert.Equal(1, scrape.Tagged("kafkacache.reads", "result", "refused"));
        Assert.Equal(1, scrape.Sum("kafkacache.reads", "waits"));
    }

    [Fact]
    public async Task Puts_and_waits_are_timed_by_their_outcome()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        var options = Options(embedded.BootstrapServers, topic, meters);
        options.ApplyTimeout = TimeSpan.FromMilliseconds(50);
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        using var scrape = new MeterScrape(meters);
        await cache.PutAsync("k", "v", cancellationToken: TestContext.Current.CancellationToken);
        cache.Remove("k");
        await Eventually.TrueAsync(() => cache.Status.Partitions[0].Position == 2);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<TimeoutException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(0, 2), TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(0, 2), new CancellationToken(canceled: true)));

        Assert.Equal(2, scrape.CountOf("kafkacache.put.duration", "committed"));
        Assert.Equal(1, scrape.CountOf("kafkacache.apply_wait.duration", "applied"));
        Assert.Equal(1, scrape.CountOf("kafkacache.apply_wait.duration", "timed_out"));
        Assert.Equal(1, scrape.CountOf("kafkacache.apply_wait.duration", "failed"));

        // Timers have a lower resolution than timestamps, so the timer may fire slightly early.
        Assert.InRange(scrape.Tagged("kafkacache.apply_wait.duration", "outcome", "timed_out"), 0.03, 60);
    }

    // During a long outage of the brokers, the producer's queue fills, and all further puts end in this way.
    [Fact]
    public async Task Put_that_the_producer_refuses_is_counted_and_one_whose_content_is_refused_is_not()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        var options = Options(embedded.BootstrapServers, topic, meters);
        options.ValidatePut = static (_, value) => value != "bad";
        options.Producer = new ProducerConfig { QueueBufferingMaxMessages = 1, LingerMs = 1000 };
        await using var cache = KafkaCache.Create(options);
        using var scrape = new MeterScrape(meters);
        var lingering = cache.PutAsync("k", "v", cancellationToken: TestContext.Current.CancellationToken);

        var full = Assert.Throws<PutException>(() => cache.Put("k", "v"));
        var fullToo = await Assert.ThrowsAsync<PutException>(() => cache.RemoveAsync(
            "k", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<PutException>(() => cache.Put("k", "bad"));
        Assert.Throws<PutException>(() => cache.Put("k", new string('x', 2_000_000)));

        Assert.Equal((PutOutcome.NotCommitted, PutOutcome.NotCommitted), (full.Outcome, fullToo.Outcome));
        Assert.Equal(2, scrape.CountOf("kafkacache.put.duration", "not_committed"));
        await lingering;
        Assert.Equal(1, scrape.CountOf("kafkacache.put.duration", "committed"));
    }

    [Fact]
    public async Task Two_caches_are_shown_side_by_side_and_a_disposed_one_disappears()
    {
        string first = embedded.CreateTopic(), second = embedded.CreateTopic(partitions: 2);
        using var meters = new OwnMeterFactory();
        await using var stays = KafkaCache.Create(Options(embedded.BootstrapServers, first, meters, "stays"));
        var leaves = KafkaCache.Create(Options(embedded.BootstrapServers, second, meters, "leaves"));
        await stays.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await leaves.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await leaves.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        using var scrape = new MeterScrape(meters);
        Assert.Equal(0, scrape.Value("kafkacache.entries", "stays", first));
        Assert.Equal(1, scrape.Value("kafkacache.entries", "leaves", second));
        Assert.Equal(
            1, scrape.Value("kafkacache.position", "leaves", second, 0) + scrape.Value("kafkacache.position", "leaves", second, 1));

        await leaves.DisposeAsync();
        scrape.Again();
        Assert.All(scrape.Caches, static name => Assert.Equal("stays", name));
        Assert.Equal(PerPartition.Length + SeriesOfACache, scrape.Count);
        Assert.Equal(1, meters.Created);
    }

    [Fact]
    public async Task Caches_without_a_factory_share_the_meter_of_the_process()
    {
        var topic = embedded.CreateTopic();
        await using (var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters: null)))
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            using var scrape = new MeterScrape(scope: null);
            Assert.Equal(1, scrape.Value("kafkacache.ready", "name", topic));
        }

        using var after = new MeterScrape(scope: null);
        Assert.DoesNotContain(topic, after.Topics);
    }

    [Fact]
    public async Task Cache_that_is_not_ready_or_has_faulted_says_so_and_counts_its_record_errors()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        KafkaCacheOptions<string, string> options = Options(embedded.BootstrapServers, TestKafka.UniqueTopic(), meters, "waits");
        await using var waits = KafkaCache.Create(options);
        using var scrape = new MeterScrape(meters);
        Assert.Equal(0, scrape.Value("kafkacache.ready", "waits", waits.Topic));
        Assert.DoesNotContain("kafkacache.lag", scrape.Instruments);

        options = Options(embedded.BootstrapServers, topic, meters, "faults");
        options.ValidateRecord = static (in CacheRecord _) => false;
        await using var faults = KafkaCache.Create(options);
        await faults.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await faults.PutAsync("k", "v", cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => faults.Status.Phase == CachePhase.Faulted);
        scrape.Again();
        Assert.Equal(0, scrape.Value("kafkacache.ready", "faults", topic));
        Assert.Equal(1, scrape.Sum("kafkacache.record.errors", "faults"));
        Assert.Equal(1, scrape.Tagged("kafkacache.record.errors", "reason", "record_refused"));

        options.Name = "skips";
        options.OnRecordError = RecordErrorPolicy.Skip;
        await using var skips = KafkaCache.Create(options);
        await skips.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        scrape.Again();
        Assert.Equal(1, scrape.Value("kafkacache.ready", "skips", topic));
        Assert.Equal(1, scrape.Sum("kafkacache.record.errors", "skips"));
        Assert.Equal(1, scrape.Value("kafkacache.records.applied", "skips", topic));
    }

    [Fact]
    public async Task Scrapes_beside_caches_that_come_and_go_never_fail()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        using var stop = new CancellationTokenSource();
        Task scraping = Task.Run(
            () =>
            {
                using var scrape = new MeterScrape(meters);
                while (!stop.IsCancellationRequested)
                    scrape.Again();
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 8; i++)
        {
            await using var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters));
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        }

        await stop.CancelAsync();
        await scraping;
    }

    private static KafkaCacheOptions<string, string> Options(string servers, string topic, IMeterFactory? meters, string name = "name")
    {
        KafkaCacheOptions<string, string> options = TestOptions.For(servers, topic);
        options.Name = name;
        options.MeterFactory = meters;
        return options;
    }
}
