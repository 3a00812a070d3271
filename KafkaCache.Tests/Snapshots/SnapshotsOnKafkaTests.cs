using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Promises;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>Events that only a real Kafka produces while a process is down: removed tombstones, ended transactions and added
/// partitions.</summary>
public sealed class SnapshotsOnKafkaTests(RealBrokerFixture real) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    // The key stays removed even with a long MaxAge or if the retention was raised in the meantime.
    [Fact]
    public async Task Key_whose_tombstone_was_cleaned_away_while_the_process_was_down_does_not_come_back()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, LogCleaning.Settings);
        await kafka.ProduceAsync(topic, TestRecord.Of("gone", "1"), TestRecord.Of("stays", "1"));
        await using (var first = await StartAsync(kafka, topic, MayBeOld))
            await first.WriteSnapshotAsync();
        await LogCleaning.RemoveAndCleanAsync(kafka, topic, "gone");

        await AssertGoneAsync();
        await kafka.Admin.IncrementalAlterConfigsAsync(new()
        {
            [new() { Type = ResourceType.Topic, Name = topic }] =
                [new() { Name = "delete.retention.ms", Value = "86400000", IncrementalOperation = AlterConfigOpType.Set }],
        });
        await AssertGoneAsync();

        static void MayBeOld(KafkaCacheOptions<string, string> options) => options.Snapshot.MaxAge = TimeSpan.FromDays(30);

        async Task AssertGoneAsync()
        {
            await using var second = await StartAsync(kafka, topic, MayBeOld);
            Assert.Equal(ColdStartReason.TooOld, second.Status.Start!.Reason);
            Assert.Equal((null, "1"), (second.Get("gone"), second.Get("stays")));
            await WholeLog.AssertIsFoldAsync(second, await WholeLog.ReadAsync(kafka, topic, partitions: 1));
        }
    }

    [Fact]
    public async Task Transactions_that_end_a_log_or_are_open_are_read_once_and_only_when_committed()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 2);
        await kafka.ProduceAsync(topic, TestRecord.Of("plain", "1"));
        using (var committed = await kafka.BeginTransactionAsync(topic, Records("committed")))
            await committed.CommitAsync();
        await RestartAsync(kafka, topic, expected: 5); // The log ends with markers.

        using (var aborted = await kafka.BeginTransactionAsync(topic, Records("aborted")))
            await aborted.AbortAsync();
        await RestartAsync(kafka, topic, expected: 5);
        using (var open = await kafka.BeginTransactionAsync(topic, Records("open")))
        {
            // The cache reads up to the end offset, which lies after the open transaction, so it is ready only after the transaction has
            // ended.
            await using var waits = TestCaches.Start(kafka.BootstrapServers, topic, Configure);
            await Eventually.TrueAsync(() => waits.Status.Start is not null);
            Assert.True(waits.Status.Start!.IsWarm, $"{waits.Status.Start}");
            await open.CommitAsync();
            await waits.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            Assert.Equal(9, waits.Count);
        }

        await RestartAsync(kafka, topic, expected: 9);
    }

    [Fact]
    public async Task Partitions_added_while_the_process_was_down_are_replayed_from_their_start()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"k{i}", "1")));
        await using (var first = await StartAsync(kafka, topic))
            await first.WriteSnapshotAsync();
        await kafka.AddPartitionsAsync(topic, 3);
        await kafka.ProduceAsync(
            topic, Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"added {i}", "1") with { Partition = 1 + (i % 2) }));

        await using var second = await StartAsync(kafka, topic);
        Assert.True(second.Status.Start!.IsWarm, $"{second.Status.Start}");
        Assert.Equal((20, 20, 40), (second.Status.Start.Entries, second.Status.Start.OffsetsToReplay, second.Count));
    }

    [Fact]
    public async Task Eighth_start_in_a_row_without_a_write_is_warm_and_ready_at_once()
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 4);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 100).Select(static i => TestRecord.Of($"k{i}", "1")));
        for (var start = 0; start < 8; start++)
        {
            await using var cache = await StartAsync(kafka, topic);
            Assert.Equal((start > 0, 100), (cache.Status.Start!.IsWarm, cache.Count));
            Assert.Equal(start > 0 ? 0 : 100, cache.Status.Start.OffsetsToReplay);
            if (start < 2)
                await cache.WriteSnapshotAsync();
        }
    }

    private static IEnumerable<TestRecord> Records(string name) =>
        Enumerable.Range(0, 4).Select(i => TestRecord.Of($"{name} {i}", "1") with { Partition = i % 2 });

    private async Task RestartAsync(TestKafka kafka, string topic, int expected)
    {
        await using (var first = await StartAsync(kafka, topic))
            await first.WriteSnapshotAsync();
        await using var second = await StartAsync(kafka, topic);
        Assert.True(second.Status.Start!.IsWarm, $"{second.Status.Start}");
        Assert.Equal((expected, expected), (second.Status.Start.Entries, second.Count));
    }

    private void Configure(KafkaCacheOptions<string, string> options) => options.Snapshot.Directory = _directory.Path;

    private Task<KafkaCache<string, string>> StartAsync(
        TestKafka kafka, string topic, Action<KafkaCacheOptions<string, string>>? change = null) =>
        TestCaches.ReadyAsync(kafka.BootstrapServers, topic, options =>
        {
            Configure(options);
            change?.Invoke(options);
        });
}
