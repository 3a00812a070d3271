using KafkaCaching.Generations.Supervision;
using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.Snapshots;

/// <summary>The age of a snapshot counts towards the time during which the cache may have missed tombstones, so a catch-up that would be
/// fast enough after a cold start can take too long. The embedded broker doesn't report <c>delete.retention.ms</c>, so a day is
/// assumed.</summary>
public sealed class SlowCatchUpTests(EmbeddedBrokerFixture embedded) : IDisposable
{
    private const int TombstonesMissed = 110;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly ManualResetEventSlim _passes = new(initialState: true);
    private int _stores;

    public void Dispose()
    {
        _passes.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(1, false)]
    public async Task Catch_up_of_four_hours_is_done_again_only_if_it_passes_the_retention_together_with_the_age(
        int hours, bool isDoneAgain)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var loggers = new ListLoggerFactory();
        await using (var first = Start(topic, loggers))
        {
            await EventuallyAsTimePasses(() => first.Status.Phase == CachePhase.Ready);
            await EventuallyAsTimePasses(() =>
            {
                first.Parts.Replay.Supervisor.Snapshots!.Request();
                return first.Status.Snapshot!.Count > 0;
            });
        }

        await embedded.Kafka.ProduceAsync(topic, "b", "1");
        _time.Advance(TimeSpan.FromHours(hours));
        _passes.Reset();
        var before = Volatile.Read(ref _stores);
        await using var warm = Start(topic, loggers);

        // The test clock stands still until then: reading the file takes real time, and on a busy machine it could exceed the limit.
        await Eventually.TrueAsync(() => warm.Status.Start is not null);
        Assert.True(warm.Status.Start!.IsWarm, $"{warm.Status.Start}");
        await PassHoursAsync(4);
        _passes.Set();

        await EventuallyAsTimePasses(() => warm.Status.Phase == CachePhase.Ready);
        await PassHoursAsync(1);
        await EventuallyAsTimePasses(
            () => warm.Status.Phase == CachePhase.Ready && Volatile.Read(ref _stores) - before == (isDoneAgain ? 2 : 1));
        Assert.Equal(isDoneAgain ? 1 : 0, loggers.Logger.Lines.Count(static line => line.Id == TombstonesMissed));
        Assert.Equal(2, warm.Count);
    }

    // Advances in small steps, so that the periodic check runs in between.
    private async Task PassHoursAsync(int hours)
    {
        for (var i = 0; i < hours * 4; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(14));
            var until = _time.GetUtcNow() + TimeSpan.FromMinutes(1);
            await EventuallyAsTimePasses(() => _time.GetUtcNow() >= until);
        }
    }

    private KafkaCache<string, string> Start(string topic, ListLoggerFactory loggers)
    {
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o =>
        {
            o.TimeProvider = _time;
            o.StaleAfter = TimeSpan.FromMinutes(10);
            o.Snapshot.Directory = _directory.Path;
            o.Snapshot.MaxAge = TimeSpan.FromDays(2);
            o.ValidateRecord = (in CacheRecord _) => _passes.Wait(TimeSpan.FromMinutes(1));
        });
        return KafkaCache<string, string>.Start(options, loggers, settings =>
        {
            Interlocked.Increment(ref _stores);
            return new FasterStateStore(settings);
        });
    }

    private Task EventuallyAsTimePasses(Func<bool> condition) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        return condition();
    });
}
