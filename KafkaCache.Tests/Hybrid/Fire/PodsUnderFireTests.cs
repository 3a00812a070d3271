using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Promises;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>Ten pods in two processes on a real Kafka with faults. A read that has waited for the positions of an acknowledged
/// invalidation, as with the position header, must never return a value from before it.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class PodsUnderFireTests(ThreeNodes nodes)
{
    private const int Partitions = 4;

    private static readonly (string, string)[] Settings =
    [
        ("cleanup.policy", "compact,delete"), ("message.timestamp.type", "LogAppendTime"), ("min.compaction.lag.ms", "3600000"),
        ("min.insync.replicas", "2"),
    ];

    [Fact]
    [Trait("Category", "Long")]
    public Task No_read_is_stale_in_ten_thousand_operations_while_brokers_are_killed() =>
        NothingIsStaleAsync(10_000, TimeSpan.FromMilliseconds(80));

    [Fact]
    [Trait("Category", "Soak")]
    public Task No_read_is_stale_in_a_hundred_thousand_operations_while_brokers_are_killed() =>
        NothingIsStaleAsync(100_000, TimeSpan.FromMilliseconds(60));

    private async Task NothingIsStaleAsync(long operations, TimeSpan pace)
    {
        var seed = unchecked((int)TestSeed.Next());
        var kafka = await nodes.HealthyAsync();
        var topic = await kafka.CreateTopicAsync(Partitions, Settings);
        await using var report = nodes.ReportOn(topic);
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "source");
        using var source = new SharedSource(file, FirePods.Keys);
        await using var pods = new FirePods(kafka.BootstrapServers, topic, source, process: 0);
        await pods.ReadyAsync(TestContext.Current.CancellationToken);

        var there = ChildPods.RunAsync(kafka.BootstrapServers, topic, file, operations / 2, seed + 1_000, pace);
        var here = pods.RunAsync(operations / 2, seed, pace, TestContext.Current.CancellationToken);
        var both = Task.WhenAll(there, here);
        var kills = 0;
        do
        {
            var killed = await nodes.LeaderAsync(topic, kills % Partitions);
            await nodes.KillAsync(killed);
            await nodes.LeaderMovesAsync(topic, kills % Partitions, killed);
            await nodes.StartAsync(killed);
            await nodes.InSyncAsync(topic, kills % Partitions, 1, 2, 3);
            kills++;
        }
        while (!both.IsCompleted);
        var counts = (await both)[0] + (await both)[1];

        var summary = $"{counts.Operations} operations of ten pods, {counts.Reads} reads held against an acknowledged invalidation, "
            + $"{counts.Stale} stale, {counts.Acknowledged} invalidations acknowledged, {counts.Failed} failed, "
            + $"{counts.Unchecked} reads not checked; {kills} brokers killed.";
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        TestContext.Current.SendDiagnosticMessage(summary);
        Assert.Equal(0, counts.Stale);
        Assert.Equal(operations, counts.Operations);
        Assert.InRange(counts.Reads, operations * 8 / 10, operations);
        Assert.InRange(counts.Acknowledged, operations / 20, operations);
    }
}
