using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Diagnostics;

public sealed class CacheMetricsTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private static readonly string[] PerPartition = ["kafkacache.high_watermark", "kafkacache.lag", "kafkacache.position"];
    private static readonly string[] PerCache = ["kafkacache.entries", "kafkacache.ready", "kafkacache.record.errors", "kafkacache.records.applied", "kafkacache.stale"];

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

        using var scrape = new Scrape(meters);
        for (var partition = 0; partition < partitions; partition++)
        {
            Assert.Equal(0, scrape.Value("kafkacache.lag", "name", topic, partition));
            Assert.Equal(await kafka.EndOffsetAsync(topic, partition), scrape.Value("kafkacache.position", "name", topic, partition));
            Assert.Equal(await kafka.EndOffsetAsync(topic, partition), scrape.Value("kafkacache.high_watermark", "name", topic, partition));
        }

        Assert.Equal(1, scrape.Value("kafkacache.ready", "name", topic));
        Assert.Equal(40, scrape.Value("kafkacache.entries", "name", topic));
        Assert.Equal(101, scrape.Value("kafkacache.records.applied", "name", topic));
        Assert.Equal(0, scrape.Value("kafkacache.record.errors", "name", topic));
        Assert.Equal((partitions * PerPartition.Length) + PerCache.Length, scrape.Count);
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
        using var scrape = new Scrape(meters);

        using (TestTransaction transaction = await kafka.BeginTransactionAsync(topic, Enumerable.Range(0, 7).Select(static i => TestRecord.Of($"k{i}", "v"))))
        {
            await Eventually.TrueAsync(() => scrape.Again().Value("kafkacache.lag", "name", topic, 0) == 7);
            Assert.Equal(0, scrape.Value("kafkacache.position", "name", topic, 0));
            Assert.Equal(7, scrape.Value("kafkacache.high_watermark", "name", topic, 0));
            await transaction.CommitAsync();
        }

        await Eventually.TrueAsync(() => scrape.Again().Value("kafkacache.entries", "name", topic) == 7);
        await Eventually.TrueAsync(() => scrape.Again().Value("kafkacache.lag", "name", topic, 0) == 0);
        await Eventually.TrueAsync(async () => scrape.Again().Value("kafkacache.position", "name", topic, 0) == await kafka.EndOffsetAsync(topic, 0), "the position passes the marker");
    }

    [Fact]
    public async Task Tags_are_the_cache_the_topic_and_for_offsets_the_partition()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        await using var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        using var scrape = new Scrape(meters);
        Assert.Equal([.. PerPartition.Concat(PerCache).Order()], scrape.Instruments.Order());
        Assert.All(PerPartition, name => Assert.Equal(["cache", "partition", "topic"], scrape.TagNames(name)));
        Assert.All(PerCache, name => Assert.Equal(["cache", "topic"], scrape.TagNames(name)));
    }

    [Fact]
    public async Task Two_caches_stand_side_by_side_and_a_disposed_one_leaves()
    {
        string first = embedded.CreateTopic(), second = embedded.CreateTopic(partitions: 2);
        using var meters = new OwnMeterFactory();
        await using var stays = KafkaCache.Create(Options(embedded.BootstrapServers, first, meters, "stays"));
        var leaves = KafkaCache.Create(Options(embedded.BootstrapServers, second, meters, "leaves"));
        await stays.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await leaves.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await leaves.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);

        using var scrape = new Scrape(meters);
        Assert.Equal(0, scrape.Value("kafkacache.entries", "stays", first));
        Assert.Equal(1, scrape.Value("kafkacache.entries", "leaves", second));
        Assert.Equal(1, scrape.Value("kafkacache.position", "leaves", second, 0) + scrape.Value("kafkacache.position", "leaves", second, 1));

        await leaves.DisposeAsync();
        scrape.Again();
        Assert.All(scrape.Caches, static name => Assert.Equal("stays", name));
        Assert.Equal(PerPartition.Length + PerCache.Length, scrape.Count);
        Assert.Equal(1, meters.Created);
    }

    [Fact]
    public async Task Caches_without_a_factory_share_the_meter_of_the_process()
    {
        var topic = embedded.CreateTopic();
        await using (var cache = KafkaCache.Create(Options(embedded.BootstrapServers, topic, meters: null)))
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            using var scrape = new Scrape(scope: null);
            Assert.Equal(1, scrape.Value("kafkacache.ready", "name", topic));
        }

        using var after = new Scrape(scope: null);
        Assert.DoesNotContain(topic, after.Topics);
    }

    [Fact]
    public async Task Cache_that_is_not_ready_or_has_faulted_says_so_and_counts_its_record_errors()
    {
        var topic = embedded.CreateTopic();
        using var meters = new OwnMeterFactory();
        KafkaCacheOptions<string, string> options = Options(embedded.BootstrapServers, TestKafka.UniqueTopic(), meters, "waits");
        await using var waits = KafkaCache.Create(options);
        using var scrape = new Scrape(meters);
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
        Assert.Equal(1, scrape.Value("kafkacache.record.errors", "faults", topic));

        options.Name = "skips";
        options.OnRecordError = RecordErrorPolicy.Skip;
        await using var skips = KafkaCache.Create(options);
        await skips.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        scrape.Again();
        Assert.Equal(1, scrape.Value("kafkacache.ready", "skips", topic));
        Assert.Equal(1, scrape.Value("kafkacache.record.errors", "skips", topic));
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
                using var scrape = new Scrape(meters);
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

    private sealed class OwnMeterFactory : IMeterFactory
    {
        private readonly ConcurrentBag<Meter> _meters = [];

        public int Created => _meters.Count;

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            var meter = new Meter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose()
        {
            foreach (Meter meter in _meters)
                meter.Dispose();
        }
    }

    /// <summary>What a listener sees of the meter in one scope, taken when made and at every <see cref="Again"/>.</summary>
    private sealed class Scrape : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Instrument, long Value, Dictionary<string, object?> Tags)> _seen = [];

        public Scrape(object? scope)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "KafkaCache" && instrument.Meter.Scope == scope)
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
                _seen.Add((instrument.Name, value, tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value))));
            _listener.Start();
            Again();
        }

        public int Count => _seen.Count;

        public IEnumerable<string> Instruments => _seen.Select(static seen => seen.Instrument).Distinct();

        public IEnumerable<object?> Caches => _seen.Select(static seen => seen.Tags["cache"]);

        public IEnumerable<object?> Topics => _seen.Select(static seen => seen.Tags["topic"]);

        public Scrape Again()
        {
            _seen.Clear();
            _listener.RecordObservableInstruments();
            return this;
        }

        public IEnumerable<string> TagNames(string instrument) => _seen.First(seen => seen.Instrument == instrument).Tags.Keys.Order();

        public long Value(string instrument, string cache, string topic, int? partition = null) => Assert.Single(
            _seen,
            seen => seen.Instrument == instrument && Equals(seen.Tags["cache"], cache) && Equals(seen.Tags["topic"], topic)
                && Equals(seen.Tags.GetValueOrDefault("partition"), partition)).Value;

        public void Dispose() => _listener.Dispose();
    }
}
