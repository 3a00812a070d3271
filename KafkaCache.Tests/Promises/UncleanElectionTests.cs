using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>An unclean leader election: a leader without the last acknowledged records is elected, so the log loses its end. The cache must
/// replay the log, and waits must fail with this reason.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class UncleanElectionTests(ThreeNodes nodes)
{
    private const int Kept = 20;
    private const int Lost = 10;

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_log_that_lost_its_end_is_replayed_from_the_start()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        await LosesItsEndAsync(kafka, writtenAfterwards: 3);
    }

    /// <summary>The log has grown past the cache's position again, with other records. Only the leader epoch shows this
    /// (KIP-320).</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_log_that_lost_its_end_and_grew_past_it_again_is_replayed_from_the_start()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        await LosesItsEndAsync(kafka, writtenAfterwards: 3 * Lost);
    }

    /// <summary>The same case, but the consumer has read nothing since it was opened at its position, so it has seen no leader epoch
    /// itself.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_log_that_lost_its_end_and_grew_past_it_again_is_replayed_from_the_start_by_a_consumer_opened_at_its_position_too()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        await LosesItsEndAsync(kafka, writtenAfterwards: 3 * Lost, opensConsumerAnew: true);
    }

    private async Task LosesItsEndAsync(TestKafka kafka, int writtenAfterwards, bool opensConsumerAnew = false)
    {
        const int Leader = 1;
        const int Follower = 2;
        var topic = await CreateAsync(kafka, Leader, Follower);
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.ApplyTimeout = TimeSpan.FromMinutes(3);
        await using var cache = KafkaCache.Create(options);
        await kafka.ProduceAsync(
            topic, Enumerable.Range(0, Kept).Select(static i => TestRecord.Of($"kept {i}", "kept") with { Partition = 0 }));
        await nodes.InSyncAsync(topic, 0, Leader, Follower);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, Kept - 1), TestContext.Current.CancellationToken);

        if (opensConsumerAnew)
            await nodes.KillAsync(Follower); // A frozen node would delay the check of the topic.
        else
            await nodes.PauseAsync(Follower);
        await nodes.InSyncAsync(topic, 0, Leader);
        await kafka.ProduceAsync(
            topic, Enumerable.Range(0, Lost).Select(static i => TestRecord.Of($"lost {i}", "lost") with { Partition = 0 }));
        await cache.WaitUntilAppliedAsync(new CachePosition(0, Kept + Lost - 1), TestContext.Current.CancellationToken);
        if (opensConsumerAnew)
            await GrowAsync(kafka, topic, cache, Leader, Follower);
        var waits = new[] { Kept + Lost, Kept + Lost + 1, 1_000 }
            .Select(offset => cache.WaitUntilAppliedAsync(new CachePosition(0, offset), TestContext.Current.CancellationToken)).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> reading = Task.Run(() => Read(cache, stop.Token));

        await nodes.KillAsync(Leader);
        if (opensConsumerAnew)
            await nodes.StartAsync(Follower);
        else
            await nodes.ResumeAsync(Follower);
        await nodes.LeaderMovesAsync(topic, 0, Leader);
        using var after = new TestKafka(kafka.BootstrapServers);
        await after.ProduceAsync(
            topic, Enumerable.Range(0, writtenAfterwards).Select(static i => TestRecord.Of($"new {i}", "new") with { Partition = 0 }));
        var passed = new TopicPartition(topic, 0);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"a consumer opened at the position passed gets: {First(after, new(passed, Kept + Lost))}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"and by Confluent's Assign, given the leader epoch of then: {First(after, new(passed, Kept + Lost, 0))}");

        foreach (Task wait in waits)
            await Assert.ThrowsAsync<TopicChangedException>(() => wait);
        await Eventually.TrueAsync(
            () => cache.Status is { Phase: CachePhase.Ready } && cache.Get("new 0") == "new", TimeSpan.FromSeconds(60),
            "the new log is replayed");
        await stop.CancelAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{await reading} reads meanwhile, each answered");
        var log = await WholeLog.ReadAsync(after, topic, cache.Status.Partitions.Count);
        Assert.Equal(Kept + writtenAfterwards, log.Count(static record => record.Key != WholeLog.EndKey));
        await WholeLog.AssertIsFoldAsync(cache, log);
        Assert.Null(cache.Get("lost 0"));

        await nodes.HealAsync();
        await nodes.InSyncAsync(topic, 0, Leader, Follower);
        PutResult put = await cache.PutAsync("last", "put", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.True(cache.TryGetEntry("last", out var entry));
        Assert.Equal(put.Position, new CachePosition(entry.Partition, entry.Offset));
    }

    // Adds a partition, so that the cache opens another consumer at the current positions.
    private static async Task GrowAsync(TestKafka kafka, string topic, KafkaCache<string, string> cache, int leader, int follower)
    {
        await kafka.Admin.CreatePartitionsAsync(
            [new PartitionsSpecification { Topic = topic, IncreaseTo = 2, ReplicaAssignments = [[leader, follower]] }]);
        await Eventually.TrueAsync(() => cache.Status.Partitions.Count == 2, TimeSpan.FromSeconds(60), "the growth is seen");
    }

    private static string First(TestKafka kafka, TopicPartitionOffset from)
    {
        using IConsumer<byte[]?, byte[]?> consumer = QuietClients.Consumer(kafka.BootstrapServers);
        consumer.Assign(from);
        try
        {
            ConsumeResult<byte[]?, byte[]?>? first = consumer.Consume(TimeSpan.FromSeconds(30));
            return first is null ? "nothing" : first.IsPartitionEOF ? $"the end at {first.Offset}" : $"the record at {first.Offset}";
        }
        catch (ConsumeException refused)
        {
            return $"{refused.Error.Code}: {refused.Error.Reason}";
        }
    }

    // The third node has no replicas. With either of the other nodes, it is a majority of the controllers.
    private static async Task<string> CreateAsync(TestKafka kafka, int leader, int follower)
    {
        var topic = TestKafka.UniqueTopic();
        await kafka.Admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = 1,
                ReplicasAssignments = new Dictionary<int, List<int>> { [0] = [leader, follower] },
                Configs = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["cleanup.policy"] = "compact",
                    ["unclean.leader.election.enable"] = "true",
                    ["min.insync.replicas"] = "1",
                },
            },
        ]);
        return topic;
    }

    private static int Read(KafkaCache<string, string> cache, CancellationToken stop)
    {
        var reads = 0;
        while (!stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(1)))
        {
            for (var i = 0; i < Kept; i++, reads++)
                Assert.Equal("kept", cache.Get($"kept {i}"));
        }

        return reads;
    }
}
