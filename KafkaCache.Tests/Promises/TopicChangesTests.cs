using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Promises;

/// <summary>Changes of a topic that the embedded broker does not support, or handles differently from a real broker.</summary>
public sealed class TopicChangesTests(RealBrokerFixture real)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The consumer would continue at the old offset and never read the records below it.
    [Fact]
    public async Task A_topic_recreated_with_more_records_than_before_is_replayed_from_its_start()
    {
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"old {i}", "old")));
        await using var cache = await TestCaches.ReadyAsync(
            kafka.BootstrapServers, topic, static options => options.StaleAfter = TimeSpan.FromSeconds(3));
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 1_000), TestContext.Current.CancellationToken);

        await kafka.DeleteTopicAsync(topic);
        using var after = new TestKafka(kafka.BootstrapServers);
        await after.CreateTopicAsync(topic);
        await after.ProduceAsync(topic, Enumerable.Range(0, 25).Select(static i => TestRecord.Of($"new {i}", "new")));

        await Assert.ThrowsAsync<TopicChangedException>(() => waiting);
        await Eventually.TrueAsync(
            () => cache.Status is { Phase: CachePhase.Ready, Partitions: [{ Position: 25 }] } && cache.Count == 25, Patience);
        await WholeLog.AssertIsFoldAsync(cache, await WholeLog.ReadAsync(after, topic, partitions: 1));
    }

    [Fact]
    public async Task Records_deleted_ahead_of_a_slow_cache_make_it_replay_what_is_left()
    {
        const int Records = 6_000;
        const int Left = 10;
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, ("cleanup.policy", "compact,delete"));
        await kafka.ProduceAsync(topic, Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"early {i}", "early")));
        using var passed = new PassedRecords();
        await using var cache = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic, passed.Watch);
        passed.LetPass(passed.Count);

        // More data than the client's queue can hold.
        var filler = new string('x', 2_000);
        await kafka.ProduceAsync(topic, Enumerable.Range(0, Records).Select(i => TestRecord.Of($"key {i}", filler)));
        await Eventually.TrueAsync(
            async () => await kafka.EndOffsetAsync(topic, 0) == 10 + Records, "the high watermark has come to the end");
        await kafka.DeleteRecordsAsync(topic, 0, 10 + Records - Left);
        Assert.Equal("early", cache.Get("early 3"));
        passed.LetPass(int.MaxValue);

        await Eventually.TrueAsync(
            () => cache.Status is { Phase: CachePhase.Ready, Partitions: [{ LogStart: 10 + Records - Left }] }, Patience);
        Assert.Equal(Left, cache.Count);
        await WholeLog.AssertIsFoldAsync(cache, await WholeLog.ReadAsync(kafka, topic, partitions: 1));
    }

    [Fact]
    public async Task Puts_that_wait_for_their_apply_continue_while_partitions_are_added()
    {
        const int Grown = 6;
        const int Tasks = 4;
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 2);
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.StaleAfter = TimeSpan.FromSeconds(3);

        // The producer detects the new partitions before the cache does, and writes to them.
        options.Producer = new ProducerConfig { TopicMetadataRefreshIntervalMs = 50 };
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var puts = 0;
        var ledger = new PutLedger();
        var putting = Enumerable.Range(0, Tasks).Select(task => PutAsync(task)).ToList();

        await Eventually.TrueAsync(() => Volatile.Read(ref puts) > 100);
        await kafka.AddPartitionsAsync(topic, Grown);
        await Eventually.TrueAsync(
            () => cache.Status is { Phase: CachePhase.Ready, Partitions.Count: Grown } || putting.Exists(static task => task.IsFaulted),
            Patience);
        var later = Volatile.Read(ref puts) + 100;
        await Eventually.TrueAsync(() => Volatile.Read(ref puts) > later || putting.Exists(static task => task.IsFaulted));
        await stop.CancelAsync();
        await Task.WhenAll(putting);

        var log = await WholeLog.ReadAsync(kafka, topic, Grown);
        PutVerdict verdict = ledger.Check(log);
        TestContext.Current.SendDiagnosticMessage($"Puts while partitions are added: {verdict}.");
        Assert.Empty(verdict.Violations);
        Assert.Equal(0, verdict.NotCommitted);
        Assert.InRange(verdict.Unknown, 0, puts / 50);
        Assert.Contains(log, static record => record.Position.Partition >= 2 && record.Key != WholeLog.EndKey);
        await WholeLog.AssertIsFoldAsync(cache, log);

        async Task PutAsync(int task)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++, Interlocked.Increment(ref puts))
            {
                var key = $"{task}:{i}";
                if (await ledger.PutAsync(cache, key, "v", PutWait.Applied) is not { } put)
                    continue; // The ledger compares the outcome with the log.
                Assert.True(put.Waited);
                Assert.True(cache.TryGetEntry(key, out var entry));
                Assert.Equal(put.Position, new CachePosition(entry.Partition, entry.Offset));
            }
        }
    }

    [Fact]
    public async Task A_transaction_left_open_at_the_tail_holds_puts_back_until_it_is_aborted_and_makes_nothing_stale()
    {
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        KafkaCacheOptions<string, string> options = TestOptions.For(kafka.BootstrapServers, topic);
        options.StaleAfter = TimeSpan.FromSeconds(6);
        options.ApplyTimeout = Patience;
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await cache.PutAsync("a", "1", PutWait.Applied, TestContext.Current.CancellationToken);

        using var transaction = await kafka.BeginTransactionAsync(topic, TestRecord.Of("a", "open"), TestRecord.Of("b", "open"));
        var behind = cache.PutAsync("c", "behind", PutWait.Applied, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => cache.Status is { Partitions: [{ HighWatermark: 4, LastStableOffset: 1, Position: 1 }] });

        // The period is longer than StaleAfter. The cache remains ready, because it has read everything that can be read, and the brokers
        // confirm this.
        var open = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(open) < 1.5 * options.StaleAfter)
        {
            Assert.Equal(CachePhase.Ready, cache.Status.Phase);
            Assert.Equal("1", cache.Get("a"));
            Assert.Null(cache.Get("c"));
            Assert.False(behind.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }

        await transaction.AbortAsync();
        Assert.Equal(3, (await behind).Offset);
        Assert.Equal("behind", cache.Get("c"));
        Assert.Null(cache.Get("b"));
        var log = await WholeLog.ReadAsync(kafka, topic, partitions: 1);
        Assert.Equal(["a", "c", WholeLog.EndKey], log.Select(static record => record.Key));
        await WholeLog.AssertIsFoldAsync(cache, log);
    }
}
