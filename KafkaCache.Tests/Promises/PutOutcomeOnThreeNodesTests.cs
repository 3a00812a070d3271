using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promise 9, put outcomes: a committed record is never lost, and a record that was not committed never appears.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class PutOutcomeOnThreeNodesTests(ThreeNodes nodes)
{
    private const int Partitions = 4;
    private const int Writers = 8;
    private const int Puts = 1_000;

    // The number of puts that must end after each fault before the next one.
    private const int PutsAFault = 100;

    // The pause between two puts of a writer, so that the faults occur within a thousand puts, and the shared machine is not overloaded.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly PutLedger _ledger = new();

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_thousand_puts_while_nodes_are_killed_paused_and_resumed_end_as_the_log_says()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        var topic = await kafka.CreateTopicAsync(Partitions, ("min.insync.replicas", "2"));
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.PutTimeout = TimeSpan.FromSeconds(4); // Shorter than a frozen leader keeps its partitions, so that some puts time out.
        options.ApplyTimeout = TimeSpan.FromSeconds(60);
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(cache, writer, stop.Token)).ToList();
        try
        {
            await FaultsAsync(topic);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        await nodes.HealAsync();
        var log = await WholeLog.ReadAsync(kafka, topic, Partitions);
        PutVerdict verdict = _ledger.Check(log);
        TestContext.Current.TestOutputHelper?.WriteLine(verdict.ToString());
        TestContext.Current.SendDiagnosticMessage($"Puts on three nodes: {verdict}.");
        Assert.Empty(verdict.Violations);
        Assert.InRange(_ledger.Count, Puts, int.MaxValue);
        Assert.InRange(verdict.Committed, Puts / 2, int.MaxValue);
        await WholeLog.AssertIsFoldAsync(cache, log);
    }

    private async Task FaultsAsync(string topic)
    {
        do
        {
            await MorePutsAsync();
            var killed = await nodes.LeaderAsync(topic, 0);
            await nodes.KillAsync(killed);
            await MorePutsAsync();
            await nodes.StartAsync(killed);
            await MorePutsAsync();

            // The leader is frozen until another one is elected, so requests sent to it meanwhile arrive too late.
            var frozen = await nodes.LeaderAsync(topic, 1);
            await nodes.PauseAsync(frozen);
            await nodes.LeaderMovesAsync(topic, 1, frozen);
            await MorePutsAsync();
            await nodes.ResumeAsync(frozen);
            await MorePutsAsync();

            // The leader is frozen for less than its session timeout, so it remains the leader and then handles the requests sent
            // meanwhile.
            var dazed = await nodes.LeaderAsync(topic, 2);
            await nodes.PauseAsync(dazed);
            await MorePutsAsync(PutsAFault / 4);
            await nodes.ResumeAsync(dazed);
        }
        while (_ledger.Count < Puts);
    }

    private async Task MorePutsAsync(int more = PutsAFault)
    {
        var until = _ledger.Count + more;
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync(() => _ledger.Count >= until, TimeSpan.FromSeconds(180), "puts go on");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_ledger.Count} puts have ended; the last {more} took {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private async Task WriteAsync(KafkaCache<string, string> cache, int writer, CancellationToken stop)
    {
        for (var sequence = 0; !stop.IsCancellationRequested; sequence++)
        {
            var wait = (writer + sequence) % 3 == 0 ? PutWait.Applied : PutWait.Acknowledged;
            if (sequence % 5 == 4)
                await _ledger.PutAsync(cache, $"gone {writer}:{sequence}", value: null, wait);
            else
                await _ledger.PutAsync(cache, $"key {sequence % 40}", $"{writer}:{sequence}:{new string('x', sequence * 7 % 500)}", wait);
            await Task.Delay(Pace, CancellationToken.None);
        }
    }
}
