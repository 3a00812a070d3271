using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Hybrid.Fire;

/// <summary>The same ten pods in two processes, without faults of the brokers.</summary>
public sealed class TenPodsTests(RealBrokerFixture real)
{
    [Fact]
    public async Task No_read_is_stale_after_an_acknowledged_invalidation_and_its_positions()
    {
        const int operations = 2_000;
        var seed = unchecked((int)TestSeed.Next());
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(
            4, ("cleanup.policy", "compact,delete"), ("message.timestamp.type", "LogAppendTime"), ("min.compaction.lag.ms", "3600000"));
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "source");
        using var source = new SharedSource(file, FirePods.Keys);
        await using var pods = new FirePods(kafka.BootstrapServers, topic, source, process: 0);
        await pods.ReadyAsync(TestContext.Current.CancellationToken);

        var there = ChildPods.RunAsync(kafka.BootstrapServers, topic, file, operations / 2, seed + 1_000, TimeSpan.Zero);
        var here = await pods.RunAsync(operations / 2, seed, TimeSpan.Zero, TestContext.Current.CancellationToken);
        var counts = here + await there;

        Assert.Equal(0, counts.Stale);
        Assert.Equal((operations, 0, 0), (counts.Operations, counts.Failed, counts.Unchecked));
        Assert.InRange(counts.Acknowledged, operations / 20, operations);
    }
}
