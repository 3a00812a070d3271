using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promise 1, the fold, when leaders die, freeze and are elected: no record is lost or applied twice, and the positions are
/// correct.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class LeaderChangeTests(ThreeNodes nodes)
{
    private const int Partitions = 3;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Leaders_that_change_during_a_replay_lose_nothing_and_repeat_nothing()
    {
        const int Records = 15_000;
        const int HoldAt = 2_000;
        TestKafka kafka = await nodes.HealthyAsync();
        var topic = await kafka.CreateTopicAsync(Partitions, ("min.insync.replicas", "2"));

        // More data than the client's queue can hold, so that most of it is fetched after the change.
        var filler = new string('x', 2_000);
        await kafka.ProduceAsync(
            topic,
            Enumerable.Range(0, Records)
                .Select(i => TestRecord.Of($"key {i % 1_000}", $"{i} {filler}") with { Partition = i % 1_000 % Partitions }));
        using var loggers = new ListLoggerFactory();
        using var passed = new PassedRecords();
        passed.LetPass(HoldAt);
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.ReadyTimeout = TimeSpan.FromMinutes(2);
        options.Store.MemoryBudget = 128 << 20;
        passed.Watch(options);
        await using var cache = KafkaCache.Create(options, loggers);
        await using var report = nodes.ReportOn(topic);
        await Eventually.TrueAsync(() => passed.Count == HoldAt);

        var leader = await nodes.LeaderAsync(topic);
        await nodes.KillAsync(leader);
        await nodes.LeaderMovesAsync(topic, 0, leader);
        passed.LetPass(3 * HoldAt);
        await Eventually.TrueAsync(() => passed.Count == 3 * HoldAt, TimeSpan.FromSeconds(90), "the replay goes on");
        await nodes.StartAsync(leader);
        await nodes.ElectPreferredAsync(topic, Partitions);
        passed.LetPass(int.MaxValue);

        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        var log = await WholeLog.ReadAsync(kafka, topic, Partitions);
        await WholeLog.AssertIsFoldAsync(cache, log);
        AssertEachOnce(passed, log);
        AssertPositions(cache, log);
        Assert.Equal(log.Count, cache.Status.RecordsApplied);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Leaders_that_change_while_the_tail_is_followed_lose_nothing_and_repeat_nothing()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        var topic = await kafka.CreateTopicAsync(Partitions, ("min.insync.replicas", "2"));
        using var loggers = new ListLoggerFactory();
        using var passed = new PassedRecords();
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.ApplyTimeout = TimeSpan.FromMinutes(2);
        passed.Watch(options);
        await using var cache = KafkaCache.Create(options, loggers);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        await using var report = nodes.ReportOn(topic);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task writing = WriteAsync(kafka.BootstrapServers, topic, stop.Token);
        try
        {
            for (var turn = 0; turn < Partitions; turn++)
            {
                await MoreAsync(passed);
                var leader = await nodes.LeaderAsync(topic, turn);
                if (turn == 0)
                    await nodes.KillAsync(leader);
                else
                    await nodes.PauseAsync(leader);
                await nodes.LeaderMovesAsync(topic, turn, leader);
                await MoreAsync(passed);
                await nodes.HealAsync();
                await nodes.ElectPreferredAsync(topic, Partitions);
            }

            await MoreAsync(passed);
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }

        var log = await WholeLog.ReadAsync(kafka, topic, Partitions);
        await WholeLog.AssertIsFoldAsync(cache, log);
        AssertEachOnce(passed, log);
        AssertPositions(cache, log);
        TestContext.Current.TestOutputHelper?.WriteLine($"{log.Count} records, each passed once");
    }

    // The producer waits long enough for a frozen leader, and finds the next one quickly.
    private static async Task WriteAsync(string servers, string topic, CancellationToken stop)
    {
        using IProducer<byte[]?, byte[]?> producer = QuietClients.Build(new ProducerConfig
        {
            BootstrapServers = servers,
            Acks = Acks.All,
            EnableIdempotence = true,
            MessageTimeoutMs = 180_000,
            RequestTimeoutMs = 5_000,
            TopicMetadataRefreshIntervalMs = 2_000,
        });
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => producer.ProduceAsync(
                new TopicPartition(topic, partition),
                new Message<byte[]?, byte[]?>
                {
                    Key = Encoding.UTF8.GetBytes($"{partition}: {i % 50}"), Value = Encoding.UTF8.GetBytes($"{i}"),
                },
                CancellationToken.None)));
        }
    }

    private static Task MoreAsync(PassedRecords passed)
    {
        var until = passed.Count + 30;
        return Eventually.TrueAsync(() => passed.Count >= until, TimeSpan.FromSeconds(120), "records go on coming");
    }

    // The end markers are left out: they are tombstones, for which validators are not called.
    private static void AssertEachOnce(PassedRecords passed, IReadOnlyList<LoggedRecord> log)
    {
        for (var partition = 0; partition < Partitions; partition++)
            Assert.Equal(
                log.Where(record => record.Position.Partition == partition && record.Value is not null)
                    .Select(static record => record.Position.Offset),
                passed.Of(partition));
    }

    private static void AssertPositions(KafkaCache<string, string> cache, IReadOnlyList<LoggedRecord> log) => Assert.Equal(
        log.GroupBy(static record => record.Position.Partition)
            .OrderBy(static partition => partition.Key)
            .Select(static partition => partition.Last().Position.Offset + 1),
        cache.Status.Partitions.Select(static partition => partition.Position));
}
