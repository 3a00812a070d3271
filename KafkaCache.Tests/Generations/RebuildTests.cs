using KafkaCaching.Store.Faster;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

/// <summary>When the log changes, another generation is built while the old one serves, and then replaces it.</summary>
public sealed class RebuildTests : IDisposable
{
    private readonly EmbeddedBroker _broker = EmbeddedBroker.Start();
    private readonly TestKafka _kafka;

    public RebuildTests() => _kafka = new TestKafka(_broker.BootstrapServers);

    public void Dispose()
    {
        _kafka.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task Records_deleted_before_they_were_read_make_a_new_generation()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "old")));
        await using var cache = await TestCaches.ReadyAsync(_broker.BootstrapServers, "t");
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 1_000), TestContext.Current.CancellationToken);

        await TruncateUnreadAsync(deleteBefore: 14);

        await Assert.ThrowsAsync<TopicChangedException>(() => waiting);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Partitions: [{ LogStart: 14 }] });
        Assert.Equal(["k14"], cache.Content().Keys); // The other records are no longer in the log.
        await _kafka.ProduceAsync("t", "after", "x");
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 15), TestContext.Current.CancellationToken);
        Assert.Equal("x", cache.Get("after"));
    }

    [Fact]
    public async Task A_topic_that_is_recreated_shorter_is_replayed_from_the_start()
    {
        _broker.CreateTopic("t", partitions: 2);
        await _kafka.ProduceAsync(
            "t", Enumerable.Range(0, 20).Select(static i => TestRecord.Of($"k{i}", "old") with { Partition = i % 2 }));
        await using var cache = await TestCaches.ReadyAsync(_broker.BootstrapServers, "t");
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 1_000), TestContext.Current.CancellationToken);

        _broker.DeleteTopic("t");
        _broker.CreateTopic("t", partitions: 2);
        using var kafka = new TestKafka(_broker.BootstrapServers);
        await kafka.ProduceAsync("t", TestRecord.Of("new", "1") with { Partition = 0 });

        await Assert.ThrowsAsync<TopicChangedException>(() => waiting);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready } && cache.Count == 1);
        Assert.Equal(["new"], cache.Content().Keys);
        Assert.Equal([1, 0], cache.Status.Partitions.Select(static p => p.Position));
        Assert.Equal((1, 21), (cache.Status.Rebuilds, cache.Status.RecordsApplied));
    }

    // The new log is longer than the old one. The consumer would continue at the old position and never read the records below it.
    [Fact]
    public async Task A_topic_that_is_recreated_longer_and_with_fewer_partitions_is_replayed_from_the_start()
    {
        _broker.CreateTopic("t", partitions: 4);
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 8).Select(static i => TestRecord.Of($"k{i}", "old") with { Partition = i % 4 }));
        await using var cache = await TestCaches.ReadyAsync(
            _broker.BootstrapServers, "t", static o => o.StaleAfter = TimeSpan.FromSeconds(1));
        var waits = Enumerable.Range(0, 4)
            .Select(partition => cache.WaitUntilAppliedAsync(new CachePosition(partition, 1_000), TestContext.Current.CancellationToken))
            .ToList();

        _broker.DeleteTopic("t");
        _broker.CreateTopic("t", partitions: 2);
        using var kafka = new TestKafka(_broker.BootstrapServers);
        await kafka.ProduceAsync("t", Enumerable.Range(0, 40).Select(static i => TestRecord.Of($"n{i}", "new") with { Partition = i % 2 }));

        foreach (var wait in waits)
            await Assert.ThrowsAsync<TopicChangedException>(() => wait);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Partitions: [{ Position: 20 }, { Position: 20 }] });
        Assert.Equal(
            Enumerable.Range(0, 40).Select(static i => $"n{i}").Order(StringComparer.Ordinal),
            cache.Content().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task While_another_generation_is_built_the_old_one_serves_and_the_phase_says_so()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "old")));
        using var gate = new ManualResetEventSlim(initialState: true);
        var options = TestCaches.Options<string, string>(
            _broker.BootstrapServers, "t", o => o.ValidateRecord = (in CacheRecord _) => gate.Wait(TimeSpan.FromSeconds(20)));
        await using var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        gate.Reset();
        await TruncateUnreadAsync(deleteBefore: 14);
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Rebuilding);
        Assert.Equal("old", cache.Get("k3"));
        Assert.Equal(10, cache.Content().Count);
        cache.WaitUntilReady();

        gate.Set();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready);
        Assert.Equal(["k14"], cache.Content().Keys);
    }

    // A broker may keep refusing offsets that it has listed. The cache must not retry without pauses, which would load the processor, the
    // log and the brokers.
    [Fact]
    public async Task A_log_that_changes_again_and_again_is_not_replayed_in_a_hot_loop()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "v")));
        using var loggers = new ListLoggerFactory();
        _broker.PushRequestErrors(KafkaApi.Fetch, [.. Enumerable.Repeat(Confluent.Kafka.ErrorCode.OffsetOutOfRange, 1_000)]);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await using var cache = KafkaCache.Create(TestCaches.Options<string, string>(_broker.BootstrapServers, "t"), loggers);
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Count(static line => line.Id == 200) >= 11);
        var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(started);
        Assert.True(elapsed >= TimeSpan.FromSeconds(1), $"11 generations within {elapsed}");

        _broker.ClearRequestErrors(KafkaApi.Fetch);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(10, cache.Count);
    }

    // The offset is one of the new log. The position of the old generation is far above it.
    [Fact]
    public async Task A_wait_that_begins_while_another_generation_is_built_ends_when_readers_see_the_position()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "old")));
        using var gate = new ManualResetEventSlim();
        var opened = 0;
        var options = TestCaches.Options<string, string>(_broker.BootstrapServers, "t");
        await using var cache = KafkaCache<string, string>.Start(options, loggerFactory: null, settings =>
        {
            if (Interlocked.Increment(ref opened) == 2)
                gate.Wait(TimeSpan.FromSeconds(20));
            return new FasterStateStore(settings);
        });
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        _broker.DeleteTopic("t");
        _broker.CreateTopic("t");
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Rebuilding);
        using var kafka = new TestKafka(_broker.BootstrapServers);
        await kafka.ProduceAsync("t", "new", "1");
        var applied = cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken);
        Assert.False(applied.IsCompleted);

        gate.Set();
        await applied;
        Assert.Equal("1", cache.Get("new"));
    }

    [Fact]
    public async Task Readers_throughout_a_rebuild_never_fail()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "old")));
        await using var cache = await TestCaches.ReadyAsync(_broker.BootstrapServers, "t");
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    cache.Get("k1");
                    foreach (var (key, _) in cache.Scan())
                        Assert.StartsWith("k", key, StringComparison.Ordinal);
                    Assert.True(cache.Count > 0);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();

        for (var end = 10; end < 40; end += 5)
        {
            await TruncateUnreadAsync(deleteBefore: end + 4, from: end);
            await Eventually.TrueAsync(
                () => cache.Status is { Phase: CachePhase.Ready, Partitions: [{ Lag: 0 } p] } && p.LogStart == end + 4);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    // Retention may move the log start between ListOffsets and the first fetch. Waits for readiness or for a position must not fail because
    // of this.
    [Fact]
    public async Task A_first_generation_that_never_served_is_replaced_without_anyone_noticing()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "v")));
        var opened = 0;
        var options = TestCaches.Options<string, string>(_broker.BootstrapServers, "t", static o => o.StaleAfter = TimeSpan.FromMinutes(1));
        await using var cache = KafkaCache<string, string>.Start(options, loggerFactory: null, settings =>
        {
            if (Interlocked.Increment(ref opened) == 1)
                _broker.DeleteRecords("t", 0, 6); // The offsets are listed, and nothing is fetched yet.
            return new FasterStateStore(settings);
        });
        await Eventually.TrueAsync(() => cache.Status is { Partitions: [{ LogStart: 6 }] });
        var applied = cache.WaitUntilAppliedAsync(new CachePosition(0, 11), TestContext.Current.CancellationToken);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await _kafka.ProduceAsync("t", TestRecord.Of("k10", "v"), TestRecord.Of("k11", "v"));
        await applied;
        Assert.Equal(6, cache.Content().Count);
    }

    [Fact]
    public async Task A_wait_within_a_first_generation_that_took_the_place_of_another_is_answered_as_it_replays()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "v")));
        using var gate = new ManualResetEventSlim();
        var opened = 0;
        var options = TestCaches.Options<string, string>(
            _broker.BootstrapServers, "t",
            o => o.ValidateRecord = (in CacheRecord record) => record.Offset < 9 || gate.Wait(TimeSpan.FromSeconds(20)));
        await using var cache = KafkaCache<string, string>.Start(options, loggerFactory: null, settings =>
        {
            if (Interlocked.Increment(ref opened) == 1)
                _broker.DeleteRecords("t", 0, 6);
            return new FasterStateStore(settings);
        });
        await Eventually.TrueAsync(() => cache.Status is { Partitions: [{ LogStart: 6 }] });
        var applied = cache.WaitUntilAppliedAsync(new CachePosition(0, 9), TestContext.Current.CancellationToken);
        gate.Set();
        await applied;
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_cache_that_was_stale_when_its_log_changed_is_ready_again()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "v")));
        await using var cache = await TestCaches.ReadyAsync(
            _broker.BootstrapServers, "t", static o => o.StaleAfter = TimeSpan.FromSeconds(1));
        _broker.SetBrokerDown();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stale);
        // While the broker is down, the topic is replaced, so the cache's position is out of range afterwards.
        _broker.DeleteTopic("t");
        _broker.CreateTopic("t");
        _broker.SetBrokerUp();

        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready } && cache.Count == 0);
    }

    [Fact]
    public async Task While_the_brokers_do_not_answer_about_a_changed_log_the_cache_goes_stale()
    {
        _broker.CreateTopic("t");
        await _kafka.ProduceAsync("t", Enumerable.Range(0, 10).Select(static i => TestRecord.Of($"k{i}", "v")));
        using var loggers = new ListLoggerFactory();
        var options = TestCaches.Options<string, string>(_broker.BootstrapServers, "t", static o => o.StaleAfter = TimeSpan.FromSeconds(2));
        await using var cache = KafkaCache.Create(options, loggers);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        _broker.PushRequestErrors(KafkaApi.ListOffsets, [.. Enumerable.Repeat(Confluent.Kafka.ErrorCode.Unknown, 2_000)]);
        await TruncateUnreadAsync(deleteBefore: 14);
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Any(static line => line.Id == 205));
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stale);
        Assert.Equal("v", cache.Get("k1"));

        _broker.ClearRequestErrors(KafkaApi.ListOffsets);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Partitions: [{ LogStart: 14 }] });
    }

    // Writes records and deletes them before the cache can fetch them, so that the cache's position is below the log start.
    private async Task TruncateUnreadAsync(long deleteBefore, int from = 10)
    {
        _broker.PushRequestErrors(KafkaApi.Fetch, [.. Enumerable.Repeat(Confluent.Kafka.ErrorCode.RequestTimedOut, 1_000)]);
        await _kafka.ProduceAsync("t", Enumerable.Range(from, 5).Select(static i => TestRecord.Of($"k{i}", "new")));
        _broker.DeleteRecords("t", 0, deleteBefore);
        _broker.ClearRequestErrors(KafkaApi.Fetch);
    }
}
