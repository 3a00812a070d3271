using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>A leader that lacks acknowledged records is elected: the log loses its end. The cache replays it anew, and says so to those who wait.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class UncleanElectionTests(ThreeNodes nodes)
{
    private const int Kept = 20;
    private const int Lost = 10;

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_log_that_lost_its_end_is_replayed_anew()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        await LosesItsEndAsync(kafka, writtenAfterwards: 3);
    }

    /// <summary>The offsets that the cache has passed are there again, with other records: only the leader epoch tells (KIP-320).</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_log_that_lost_its_end_and_grew_past_it_again_is_replayed_anew()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        await LosesItsEndAsync(kafka, writtenAfterwards: 3 * Lost);
    }

    private async Task LosesItsEndAsync(TestKafka kafka, int writtenAfterwards)
    {
        const int Leader = 1;
        const int Follower = 2;
        var topic = await CreateAsync(kafka, Leader, Follower);
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.ApplyTimeout = TimeSpan.FromMinutes(3);
        await using var cache = KafkaCache.Create(options);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Kept).Select(static i => TestRecord.Of($"kept {i}", "kept")));
        await nodes.InSyncAsync(topic, 0, Leader, Follower);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, Kept - 1), TestContext.Current.CancellationToken);

        await nodes.PauseAsync(Follower);
        await nodes.InSyncAsync(topic, 0, Leader);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Lost).Select(static i => TestRecord.Of($"lost {i}", "lost")));
        await cache.WaitUntilAppliedAsync(new CachePosition(0, Kept + Lost - 1), TestContext.Current.CancellationToken);
        var waits = new[] { Kept + Lost, Kept + Lost + 1, 1_000 }
            .Select(offset => cache.WaitUntilAppliedAsync(new CachePosition(0, offset), TestContext.Current.CancellationToken)).ToList();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<int> reading = Task.Run(() => Read(cache, stop.Token));

        await nodes.KillAsync(Leader);
        await nodes.ResumeAsync(Follower);
        await nodes.LeaderMovesAsync(topic, 0, Leader);
        using var after = new TestKafka(kafka.BootstrapServers);
        await after.ProduceAsync(topic, Enumerable.Range(0, writtenAfterwards).Select(static i => TestRecord.Of($"new {i}", "new")));

        foreach (Task wait in waits)
            await Assert.ThrowsAsync<TopicChangedException>(() => wait);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready } && cache.Get("new 0") == "new", TimeSpan.FromSeconds(60), "the new log is replayed");
        await stop.CancelAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{await reading} reads meanwhile, each answered");
        var log = await WholeLog.ReadAsync(after, topic, partitions: 1);
        Assert.Equal(Kept + writtenAfterwards + 1, log.Count);
        await WholeLog.AssertIsFoldAsync(cache, log);
        Assert.Null(cache.Get("lost 0"));

        await nodes.HealAsync();
        await nodes.InSyncAsync(topic, 0, Leader, Follower);
        PutResult put = await cache.PutAsync("last", "put", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Equal(log[^1].Position.Offset + 1, put.Offset);
    }

    // The third node leads nothing here: with it, either of the others is a majority.
    private static async Task<string> CreateAsync(TestKafka kafka, int leader, int follower)
    {
        var topic = TestKafka.UniqueTopic();
        await kafka.Admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
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
