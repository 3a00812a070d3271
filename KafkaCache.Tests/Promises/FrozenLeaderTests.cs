using System.Diagnostics;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promise 6, no silent staleness, with a frozen node, which neither responds nor closes connections.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class FrozenLeaderTests(ThreeNodes nodes)
{
    [Fact]
    [Trait("Category", "Long")]
    public async Task Reads_and_puts_continue_once_another_node_has_replaced_a_frozen_leader()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, ("min.insync.replicas", "2"));
        await nodes.InSyncAsync(topic, 0, 1, 2, 3);
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.ApplyTimeout = TimeSpan.FromMinutes(2);
        options.PutTimeout = TimeSpan.FromSeconds(5);
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("warm", "up", PutWait.Applied, TestContext.Current.CancellationToken);

        await using var report = nodes.ReportOn(topic);
        var frozen = await nodes.LeaderAsync(topic);
        await nodes.PauseAsync(frozen);
        await nodes.LeaderMovesAsync(topic, 0, frozen);
        var written = await WriteWithNewClientsAsync(kafka.BootstrapServers, topic);
        var writable = Stopwatch.GetTimestamp();
        var applying = SecondsUntilAsync(cache.WaitUntilAppliedAsync(new CachePosition(0, written), TestContext.Current.CancellationToken));
        var putting = SecondsUntilAsync(PutUntilCommittedAsync(cache));
        var (applied, put) = (await applying, await putting);
        await nodes.ResumeAsync(frozen);

        var summary = $"from when others could write again it took {applied:0.0} s until their record was applied, and {put:0.0} s until a "
            + "put was acknowledged";
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        TestContext.Current.SendDiagnosticMessage($"Frozen leader: {summary}.");
        Assert.InRange(applied, 0, 40); // Without the metadata refresh, it took 52 s.
        Assert.InRange(put, 0, 40);

        async Task<double> SecondsUntilAsync(Task task)
        {
            await task;
            return Stopwatch.GetElapsedTime(writable).TotalSeconds;
        }
    }

    // Each attempt uses a new client, because a client that got the frozen leader from outdated metadata may continue to use it.
    private static async Task<long> WriteWithNewClientsAsync(string bootstrapServers, string topic)
    {
        long offset = -1;
        await Eventually.TrueAsync(
            async () =>
            {
                using var outside = new TestKafka(bootstrapServers);
                try
                {
                    offset = (await outside.ProduceAsync(topic, "outside", "1"))[0].Offset;
                    return true;
                }
                catch (ProduceException<byte[]?, byte[]?> timedOut) when (timedOut.Error.Code is ErrorCode.Local_MsgTimedOut)
                {
                    TestContext.Current.SendDiagnosticMessage("Frozen leader: a new client could not write.");
                    return false;
                }
            },
            $"a new client writes to {topic}", TimeSpan.FromMinutes(2));
        return offset;
    }

    private static Task PutUntilCommittedAsync(KafkaCache<string, string> cache) => Eventually.TrueAsync(
        async () => (
            await cache.PutManyAsync([new("k", "v")], PutWait.Acknowledged, TestContext.Current.CancellationToken))[0].Error is null,
        "a put is acknowledged",
        TimeSpan.FromMinutes(2));
}
