using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Promises;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>A cache that starts from its snapshot has the same content as one that replays the whole topic.</summary>
public sealed class WarmRestartTests(RealBrokerFixture real) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Second_start_takes_the_entries_from_the_snapshot_and_replays_what_came_after()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 3);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 500).Select(static i => TestRecord.Of($"k{i}", $"v{i}")));
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 100).Select(static i => TestRecord.Tombstone($"k{i}")));
        await using (var first = await StartAsync(kafka, topic))
        {
            Assert.Equal(ColdStartReason.NoSnapshot, first.Status.Start!.Reason);
            var written = await first.WriteSnapshotAsync();
            Assert.Equal(400, written.Entries);
        }

        await kafka.ProduceAsync(topic, TestRecord.Of("k200", "later"), TestRecord.Tombstone("k300"), TestRecord.Of("new", "1"));
        await using var second = await StartAsync(kafka, topic);

        var start = second.Status.Start!;
        Assert.True(start.IsWarm, $"{start.Reason}: {start.Problem}");
        Assert.Equal((400, 3), (start.Entries, start.OffsetsToReplay));
        Assert.InRange(second.Status.RecordsApplied, 3, 3 + 2); // Without new records, a partition's last record is read again.
        Assert.Equal("later", second.Get("k200"));
        Assert.Null(second.Get("k300"));
        Assert.Null(second.Get("k50"));
        Assert.Equal("v499", second.Get("k499"));
        await WholeLog.AssertIsFoldAsync(second, await WholeLog.ReadAsync(kafka, topic, partitions: 3));
    }

    [Fact]
    public async Task Snapshot_of_a_warm_start_can_be_started_from_again()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 2);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 50).Select(static i => TestRecord.Of($"k{i}", "1")));
        for (var start = 0; start < 4; start++)
        {
            await using var cache = await StartAsync(kafka, topic);
            Assert.Equal(start > 0, cache.Status.Start!.IsWarm);
            if (start != 1) // The second process has nothing new to apply.
                await kafka.ProduceAsync(topic, $"round {start}", "1");
            await cache.WriteSnapshotAsync();
            await WholeLog.AssertIsFoldAsync(cache, await WholeLog.ReadAsync(kafka, topic, partitions: 2));
        }
    }

    [Fact]
    public async Task Metrics_and_log_state_how_the_cache_started_and_what_was_written()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(topic, "a", "1");
        await using (var first = await StartAsync(kafka, topic))
            await first.WriteSnapshotAsync();
        using var meters = new OwnMeterFactory();
        using var loggers = new ListLoggerFactory();
        var options = TestCaches.Options<string, string>(kafka.BootstrapServers, topic, options =>
        {
            options.Snapshot.Directory = _directory.Path;
            options.MeterFactory = meters;
        });
        await using var second = await KafkaCache.Create(options, loggers).ReadyOrGoneAsync();
        await second.WriteSnapshotAsync();

        using var scrape = new MeterScrape(meters);
        Assert.Equal(1, scrape.Tagged("kafkacache.start", "kind", "warm"));
        Assert.Equal(1, scrape.Value("kafkacache.snapshots", topic, topic));
        Assert.Equal(
            new FileInfo(SnapshotTesting.OnlyFileIn(_directory.Path)).Length, scrape.Value("kafkacache.snapshot.size", topic, topic));
        Assert.InRange(scrape.Value("kafkacache.snapshot.age", topic, topic), 0, 60);
        Assert.InRange(scrape.Value("kafkacache.snapshot.duration", topic, topic), 0, 60);
        Assert.InRange(scrape.Value("kafkacache.load.duration", topic, topic), 0, 60);
        Assert.Equal(0, scrape.Value("kafkacache.snapshot.failures", topic, topic));
        Assert.Equal(0, scrape.Value("kafkacache.snapshot.aborted", topic, topic));
        Assert.Equal([130, 132], loggers.Logger.Lines.Select(static line => line.Id).Where(static id => id is >= 130 and < 140));
    }

    [Fact]
    public async Task Topic_that_was_recreated_with_more_records_is_replayed()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(topic, "old", "1");
        await using (var first = await StartAsync(kafka, topic))
            await first.WriteSnapshotAsync();
        await kafka.Admin.DeleteTopicsAsync([topic]);
        await Eventually.TrueAsync(async () => await IsCreatedAsync(kafka, topic), "the topic is made again");
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"k{i}", "1")));

        await using var second = await StartAsync(kafka, topic);

        Assert.Equal(ColdStartReason.OtherTopic, second.Status.Start!.Reason);
        Assert.Null(second.Get("old"));
        Assert.Equal(20, second.Count);
    }

    [Fact]
    public async Task Records_deleted_while_the_process_was_down_are_not_served_from_the_snapshot()
    {
        var kafka = await real.ConnectAsync();
        var topic = await TopicOfTwentyAsync(kafka);
        await DeleteAsync(kafka, topic, upTo: 10);

        await using (var second = await StartAsync(kafka, topic))
        {
            Assert.True(second.Status.Start!.IsWarm, second.Status.Start.Problem);
            Assert.Equal((10, 10), (second.Count, second.Status.Start.Entries));
            Assert.Equal(Enumerable.Range(10, 10).Select(static i => $"k{i}").Order(), second.Keys.Order());
            Assert.Equal(["k10"], second.Find<string>("value", "v10").Select(static found => found.Key));
            Assert.Empty(second.Find<string>("value", "v9"));
            await second.WriteSnapshotAsync();
        }

        await using var third = await StartAsync(kafka, topic);
        Assert.Equal((true, 10), (third.Status.Start!.IsWarm, third.Count));
    }

    [Fact]
    public async Task Log_that_was_deleted_up_to_the_snapshots_position_is_replayed()
    {
        var kafka = await real.ConnectAsync();
        var topic = await TopicOfTwentyAsync(kafka);
        await DeleteAsync(kafka, topic, upTo: 20);

        await using var second = await StartAsync(kafka, topic);

        Assert.Equal(ColdStartReason.LogChanged, second.Status.Start!.Reason);
        Assert.Equal(0, second.Count);
    }

    [Fact]
    public async Task Log_that_was_cut_off_is_replayed_where_a_key_was_seen_in_two_partitions()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 2, ("cleanup.policy", "compact,delete"));
        await kafka.ProduceAsync(topic, TestRecord.Of("k", "hidden") with { Partition = 0 });
        await kafka.ProduceAsync(
            topic, TestRecord.Of("k", "newer") with { Partition = 1 }, TestRecord.Of("other", "1") with { Partition = 1 });
        for (var start = 0; start < 2; start++)
        {
            await using var cache = await StartAsync(kafka, topic);
            Assert.Equal(("newer", start > 0), (cache.Get("k"), cache.Status.Start!.IsWarm));
            await cache.WriteSnapshotAsync();
        }

        await DeleteAsync(kafka, topic, upTo: 1, partition: 1);

        await using var last = await StartAsync(kafka, topic);
        Assert.Equal(("hidden", ColdStartReason.LogChanged), (last.Get("k"), last.Status.Start!.Reason));
    }

    private async Task<string> TopicOfTwentyAsync(TestKafka kafka)
    {
        var topic = await kafka.CreateTopicAsync(partitions: 1, ("cleanup.policy", "compact,delete"));
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"k{i}", $"v{i}")));
        await using var first = await StartAsync(kafka, topic);
        await first.WriteSnapshotAsync();
        return topic;
    }

    private static async Task DeleteAsync(TestKafka kafka, string topic, long upTo, int partition = 0) =>
        await kafka.Admin.DeleteRecordsAsync([new(topic, partition, upTo)]);

    private static async Task<bool> IsCreatedAsync(TestKafka kafka, string topic)
    {
        try
        {
            await kafka.Admin.CreateTopicsAsync([new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
            return true;
        }
        catch (Confluent.Kafka.Admin.CreateTopicsException)
        {
            return false; // It is still being deleted.
        }
    }

    private Task<KafkaCache<string, string>> StartAsync(TestKafka kafka, string topic) =>
        TestCaches.ReadyAsync(kafka.BootstrapServers, topic, options =>
        {
            options.Snapshot.Directory = _directory.Path;
            options.Indexes.Add<string>("value", static value => [value]);
        });
}
