using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

/// <summary>The embedded broker doesn't report delete.retention.ms, so Kafka's default of one day is assumed. The test controls the
/// clock.</summary>
public sealed class MissedTombstonesTests(EmbeddedBrokerFixture embedded)
{
    private const int TombstonesMissed = 110;
    private const int ReplayOutlastsTombstones = 111;
    private const int ReplayStarts = 200;

    private readonly FakeTimeProvider _time = new();
    private int _stores;

    [Fact]
    public async Task A_cache_that_was_unattended_for_a_day_is_rebuilt_while_it_serves_and_its_waits_carry_over()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var loggers = new ListLoggerFactory();
        await using var cache = Start(topic, loggers);
        await EventuallyAsTimePasses(() => cache.Status.Phase == CachePhase.Ready);
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromHours(22));
        await EventuallyAsTimePasses(() =>
        {
            Assert.Equal("1", cache.Get("a"));
            return Volatile.Read(ref _stores) == 2 && cache.Status.Phase == CachePhase.Ready;
        });
        Assert.Single(loggers.Logger.Lines, static line => line.Id == TombstonesMissed);

        await embedded.Kafka.ProduceAsync(topic, "b", "2");
        await waiting;
        Assert.Equal("2", cache.Get("b"));
    }

    // Problems of the brokers may have made the first replay long. If the second takes as long, a third would too, so there is none.
    [Fact]
    public async Task A_replay_that_takes_a_day_is_reported_and_started_over_once()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var first = new ManualResetEventSlim();
        using var second = new ManualResetEventSlim();
        using var loggers = new ListLoggerFactory();
        await using var cache = Start(
            topic, loggers,
            o => o.ValidateRecord = (in CacheRecord _) => (Volatile.Read(ref _stores) == 1 ? first : second).Wait(TimeSpan.FromMinutes(1)));
        await EventuallyAsTimePasses(() => cache.Status.Phase == CachePhase.Replaying);

        _time.Advance(TimeSpan.FromHours(22));
        await EventuallyAsTimePasses(() => Count(ReplayOutlastsTombstones) == 1);
        first.Set();
        await EventuallyAsTimePasses(() => Count(ReplayStarts) == 2);
        Assert.Equal("1", cache.Get("a"));

        _time.Advance(TimeSpan.FromHours(22));
        await EventuallyAsTimePasses(() => Count(ReplayOutlastsTombstones) == 2);
        second.Set();
        await EventuallyAsTimePasses(() => cache.Status.Phase == CachePhase.Ready);
        var looked = _time.GetTimestamp();
        await EventuallyAsTimePasses(() => _time.GetElapsedTime(looked) > TimeSpan.FromMinutes(5));
        Assert.Equal(2, _stores);

        int Count(int id) => loggers.Logger.Lines.Count(line => line.Id == id);
    }

    private KafkaCache<string, string> Start(
        string topic, ListLoggerFactory loggers, Action<KafkaCacheOptions<string, string>>? change = null)
    {
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o =>
        {
            o.TimeProvider = _time;
            o.StaleAfter = TimeSpan.FromMinutes(10);
            o.ApplyTimeout = TimeSpan.FromDays(1);
            change?.Invoke(o);
        });
        return KafkaCache<string, string>.Start(options, loggers, settings =>
        {
            Interlocked.Increment(ref _stores);
            return new FasterStateStore(settings);
        });
    }

    private Task EventuallyAsTimePasses(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });
}
