using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

/// <summary>Errors of a topic, at the start and later.</summary>
public sealed class TopicTroubleTests
{
    [Fact]
    public async Task A_topic_that_the_brokers_refuse_faults_at_once_and_names_the_ACLs()
    {
        using var broker = EmbeddedBroker.Start();
        broker.SetTopicError("t", ErrorCode.TopicAuthorizationFailed);
        await using var cache = TestCaches.Start(broker.BootstrapServers, "t");
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("ACLs", fault.Message, StringComparison.Ordinal);
        Assert.Equal(CachePhase.Faulted, cache.Status.Phase);
    }

    [Fact]
    public async Task A_missing_topic_is_waited_for_and_the_time_out_says_so()
    {
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        using var loggers = new ListLoggerFactory();
        await using var cache = KafkaCache.Create(TestCaches.Options<string, string>(broker.BootstrapServers, "t"), loggers);
        await Eventually.TrueAsync(() => cache.Status.Reason?.Contains("does not exist", StringComparison.Ordinal) == true);
        var late = Assert.Throws<TimeoutException>(() => cache.WaitUntilReady(TimeSpan.FromSeconds(1)));
        Assert.Contains("'t' does not exist", late.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Any(static line => line.Id == 104));
        var unread = Assert.Throws<CacheNotReadyException>(() => cache.Get("k"));
        Assert.Contains("'t' does not exist", unread.Message, StringComparison.Ordinal);

        broker.CreateTopic("t");
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Single(loggers.Logger.Lines, static line => line.Id == 104);
    }

    [Fact]
    public async Task A_topic_that_is_created_right_after_the_start_is_not_reported_as_missing()
    {
        using var broker = EmbeddedBroker.Start();
        using var loggers = new ListLoggerFactory();
        var clock = new FakeTimeProvider();
        var options = TestCaches.Options<string, string>(broker.BootstrapServers, "t");
        options.TimeProvider = clock;
        await using var cache = KafkaCache.Create(options, loggers);
        await Eventually.TrueAsync(() => cache.Status.Reason?.Contains("does not exist", StringComparison.Ordinal) == true);
        broker.CreateTopic("t");
        await Eventually.TrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return cache.Status.Phase == CachePhase.Ready;
        });
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id == 104);
    }

    [Fact]
    public async Task A_failed_offset_query_is_asked_again_and_never_taken_for_an_empty_log()
    {
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t");
        await kafka.ProduceAsync("t", "a", "1");
        broker.PushRequestErrors(KafkaApi.ListOffsets, [.. Enumerable.Repeat(ErrorCode.LeaderNotAvailable, 4)]);
        await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, "t");
        Assert.Equal("1", cache.Get("a"));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_leader_that_moves_stalls_nothing()
    {
        using var broker = EmbeddedBroker.Start(brokers: 2);
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t", partitions: 1, replicationFactor: 2);
        await kafka.ProduceAsync("t", "a", "0");
        await using var cache = await TestCaches.ReadyAsync(
            broker.BootstrapServers, "t", static o => o.StaleAfter = TimeSpan.FromSeconds(9));
        for (var i = 1; i <= 4; i++)
        {
            broker.SetPartitionLeader("t", 0, 1 + (i % 2));
            var written = (await kafka.ProduceAsync("t", "a", $"{i}"))[0];
            await cache.WaitUntilAppliedAsync(new CachePosition(0, written.Offset), TestContext.Current.CancellationToken);
            Assert.Equal($"{i}", cache.Get("a"));
        }

        // The period is longer than StaleAfter, so the check of the topic must have found the new leader too.
        var confirmed = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(confirmed) < TimeSpan.FromSeconds(11))
        {
            Assert.Equal(CachePhase.Ready, cache.Status.Phase);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_topic_deleted_under_the_cache_makes_it_stale_and_its_return_is_replayed()
    {
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        using var loggers = new ListLoggerFactory();
        broker.CreateTopic("t");
        await kafka.ProduceAsync("t", TestRecord.Of("a", "1"), TestRecord.Of("b", "1"));
        await using var cache = KafkaCache.Create(
            TestCaches.Options<string, string>(broker.BootstrapServers, "t", static o => o.StaleAfter = TimeSpan.FromSeconds(2)), loggers);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        broker.DeleteTopic("t");
        await Eventually.TrueAsync(
            () =>
                cache.Status is { Phase: CachePhase.Stale, Reason: { } reason }
                    && reason.Contains("'t' does not exist", StringComparison.Ordinal));
        Assert.Equal("1", cache.Get("a"));

        broker.CreateTopic("t");
        using var after = new TestKafka(broker.BootstrapServers);
        await after.ProduceAsync("t", "new", "2");
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready && cache.Get("new") == "2");
        Assert.Equal(["new"], cache.Content().Keys);
        Assert.InRange(loggers.Logger.Lines.Count, 1, 25);
    }
}
