using Confluent.Kafka.Admin;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Promises;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>An unclean leader election loses acknowledged records while the process is down. The snapshot has records that the log has
/// lost; the cache must not serve them.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class UncleanRestartTests(ThreeNodes nodes) : IDisposable
{
    private const int Kept = 20;
    private const int Lost = 10;
    private const int Leader = 1;
    private const int Follower = 2;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>If the new log is shorter, the loss shows in its end offset; if it is longer, in the leader epoch before the position. If
    /// it ends exactly at the position, the cache detects the loss by reading the last record again.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(Lost)]
    [InlineData(3 * Lost)]
    [Trait("Category", "Long")]
    public async Task Records_that_the_log_has_lost_are_never_served(int writtenAfterwards)
    {
        var kafka = await nodes.HealthyAsync();
        var topic = await CreateAsync(kafka);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Kept).Select(static i => Record("kept", i)));
        await nodes.InSyncAsync(topic, 0, Leader, Follower);
        await nodes.KillAsync(Follower);
        await nodes.InSyncAsync(topic, 0, Leader);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Lost).Select(static i => Record("lost", i)));
        await using (var first = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, Configure))
        {
            await first.WriteSnapshotAsync();
            Assert.Equal(Kept + Lost, first.Count);
        }

        await nodes.KillAsync(Leader);
        await nodes.StartAsync(Follower);
        await nodes.LeaderMovesAsync(topic, 0, Leader);
        using var after = new TestKafka(kafka.BootstrapServers);
        await after.ProduceAsync(topic, Enumerable.Range(0, writtenAfterwards).Select(static i => Record("new", i)));

        await using var second = TestCaches.Start(kafka.BootstrapServers, topic, Configure);
        await second.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Null(second.Get("lost 0"));
        Assert.Equal((Kept + writtenAfterwards, "new"), (second.Count, second.Get("new 0")));
        Assert.Equal(ColdStartReason.LogChanged, second.Status.Start!.Reason);
        await nodes.HealAsync();
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Leader_that_lost_nothing_is_no_reason_to_start_cold()
    {
        var kafka = await nodes.HealthyAsync();
        var topic = await CreateAsync(kafka);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Kept).Select(static i => Record("kept", i)));
        await nodes.InSyncAsync(topic, 0, Leader, Follower);
        await using (var first = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, Configure))
            await first.WriteSnapshotAsync();
        await nodes.KillAsync(Leader);
        await nodes.LeaderMovesAsync(topic, 0, Leader);

        for (var records = 0; records < 3; records++)
        {
            await using var warm = TestCaches.Start(kafka.BootstrapServers, topic, Configure);
            await warm.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
            Assert.Equal(Kept + records, warm.Count);
            using var after = new TestKafka(kafka.BootstrapServers);
            await after.ProduceAsync(topic, Record("new", records));
        }

        await nodes.HealAsync();
    }

    private void Configure(KafkaCacheOptions<string, string> options)
    {
        options.Snapshot.Directory = _directory.Path;
        options.ReadyTimeout = TimeSpan.FromMinutes(1);
    }

    private static TestRecord Record(string name, int number) => TestRecord.Of($"{name} {number}", name) with { Partition = 0 };

    // The third node has no replica; it only provides a majority while one of the other nodes is down.
    private static async Task<string> CreateAsync(TestKafka kafka)
    {
        var topic = TestKafka.UniqueTopic();
        await kafka.Admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic, NumPartitions = 1, ReplicasAssignments = new() { [0] = [Leader, Follower] },
                Configs = new()
                {
                    ["cleanup.policy"] = "compact", ["unclean.leader.election.enable"] = "true", ["min.insync.replicas"] = "1",
                },
            },
        ]);
        return topic;
    }
}
