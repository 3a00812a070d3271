using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promise 9, put outcome: committed is never lost, not committed never appears.</summary>
[Collection(nameof(ThreeNodesTests))]
public sealed class PutOutcomeOnThreeNodesTests(ThreeNodes nodes)
{
    private const int Partitions = 4;
    private const int Writers = 8;
    private const int Puts = 1_000;

    // So many ends must come after each fault before the next one.
    private const int PutsAFault = 100;

    // Between two puts of a writer: the machine is shared, and the faults are to fall among some thousand puts and not among a hundred thousand.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly PutLedger _ledger = new();

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_thousand_puts_while_nodes_are_killed_paused_and_resumed_end_as_the_log_says()
    {
        TestKafka kafka = await nodes.HealthyAsync();
        var topic = await kafka.CreateTopicAsync(Partitions, ("min.insync.replicas", "2"));
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.PutTimeout = TimeSpan.FromSeconds(4); // Less than a frozen leader keeps its partitions: some puts must run out.
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
        for (var partition = 0; partition < Partitions || _ledger.Count < Puts; partition++)
        {
            await MorePutsAsync();
            var leader = await nodes.LeaderAsync(topic, partition % Partitions);
            if (partition % 2 == 0)
            {
                await nodes.KillAsync(leader);
                await MorePutsAsync();
                await nodes.StartAsync(leader);
            }
            else
            {
                await nodes.PauseAsync(leader);
                await nodes.LeaderMovesAsync(topic, partition % Partitions, leader);
                await MorePutsAsync();
                await nodes.ResumeAsync(leader);
            }

            // Another one frozen for less than its session: it leads on, with the requests that came meanwhile.
            await MorePutsAsync();
            leader = await nodes.LeaderAsync(topic, partition % Partitions);
            await nodes.PauseAsync(leader);
            await MorePutsAsync(PutsAFault / 4);
            await nodes.ResumeAsync(leader);
        }
    }

    private Task MorePutsAsync(int more = PutsAFault)
    {
        var until = _ledger.Count + more;
        return Eventually.TrueAsync(() => _ledger.Count >= until, TimeSpan.FromSeconds(120), "puts go on");
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
