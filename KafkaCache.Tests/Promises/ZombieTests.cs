using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Promises;

/// <summary>Promise 8, no zombies: no deleted key reappears, even if the log cleaner has removed the tombstone.</summary>
public sealed class ZombieTests(RealBrokerFixture real)
{
    // The filler records have about 12 MB, more than the client's queue can hold, so that later records are not fetched while the cache is
    // blocked.
    private const int FillerRecords = 6_000;
    private static readonly string Filler = new('x', 2_000);

    [Fact]
    public async Task A_key_whose_tombstone_was_cleaned_away_is_gone_for_a_warm_and_for_a_cold_cache()
    {
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, LogCleaning.Settings);
        await kafka.ProduceAsync(topic, TestRecord.Of("gone", "1"), TestRecord.Of("stays", "1"));
        await using var warm = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic);
        Assert.Equal("1", warm.Get("gone"));

        await LogCleaning.RemoveAndCleanAsync(kafka, topic, "gone");

        await using var cold = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic);
        var log = await WholeLog.ReadAsync(kafka, topic, partitions: 1);
        await WholeLog.AssertIsFoldAsync(cold, log);
        await WholeLog.AssertIsFoldAsync(warm, log);
        Assert.Null(warm.Get("gone"));
        Assert.Equal("1", warm.Get("stays"));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_key_whose_tombstone_was_cleaned_away_before_a_slow_cache_came_to_it_is_gone()
    {
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, LogCleaning.Settings);
        const int TombstonesMissed = 110;
        await kafka.ProduceAsync(topic, TestRecord.Of("gone", "1"), TestRecord.Of("stays", "1"));
        using var passed = new PassedRecords();
        using var loggers = new ListLoggerFactory();
        var options = TestCaches.Options<string, string>(kafka.BootstrapServers, topic, options =>
        {
            // The topic is checked at a third of this interval. With a shorter interval, late checks on a loaded machine could cause a
            // replay before the cache is blocked.
            options.StaleAfter = TimeSpan.FromSeconds(6);
            passed.Watch(options);
        });
        await using var cache = await KafkaCache.Create(options, loggers).ReadyOrGoneAsync();
        Assert.Equal("1", cache.Get("gone"));

        passed.LetPass(passed.Count);
        await FillAsync(kafka, topic);
        await LogCleaning.RemoveAndCleanAsync(kafka, topic, "gone");
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Any(static line => line.Id == TombstonesMissed));
        passed.LetPass(int.MaxValue);

        await AssertGoneAsync(kafka, topic, cache);
    }

    // The brokers may have caused the long replay, so the cache logs this and replays once more.
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_key_whose_tombstone_was_cleaned_away_during_a_first_replay_that_took_too_long_is_gone_after_a_second()
    {
        const int ReplayOutlastsTombstones = 111;
        TestKafka kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, LogCleaning.Settings);
        await kafka.ProduceAsync(topic, TestRecord.Of("gone", "1"), TestRecord.Of("stays", "1"));
        await FillAsync(kafka, topic);
        using var passed = new PassedRecords();
        using var loggers = new ListLoggerFactory();
        passed.LetPass(2);
        var options = TestCaches.Options<string, string>(kafka.BootstrapServers, topic, options =>
        {
            options.ReadyTimeout = TimeSpan.FromMinutes(1);
            options.StaleAfter = TimeSpan.FromSeconds(1);
            passed.Watch(options);
        });
        await using var cache = KafkaCache.Create(options, loggers);
        await Eventually.TrueAsync(() => passed.Count == 2);
        await LogCleaning.RemoveAndCleanAsync(kafka, topic, "gone");
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Any(static line => line.Id == ReplayOutlastsTombstones));
        passed.LetPass(int.MaxValue);

        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal("1", cache.Get("stays"));
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready && cache.Get("gone") is null, TimeSpan.FromSeconds(60));
        await using var second = await TestCaches.ReadyAsync(kafka.BootstrapServers, topic);
        Assert.Null(second.Get("gone"));
    }

    private static async Task FillAsync(TestKafka kafka, string topic) =>
        await kafka.ProduceAsync(topic, Enumerable.Range(0, FillerRecords).Select(static i => TestRecord.Of($"filler {i}", Filler)));

    private static async Task AssertGoneAsync(TestKafka kafka, string topic, KafkaCache<string, string> cache)
    {
        var log = await WholeLog.ReadAsync(kafka, topic, partitions: 1);
        var end = log[^1].Position;
        await Eventually.TrueAsync(
            () => cache.Status is { Phase: CachePhase.Ready, Partitions: [var partition] } && partition.Position > end.Offset,
            TimeSpan.FromSeconds(60), "the cache has caught up");
        await Eventually.TrueAsync(() => cache.Get("gone") is null);
        Assert.Equal("1", cache.Get("stays"));
        await WholeLog.AssertIsFoldAsync(cache, log);
    }
}
