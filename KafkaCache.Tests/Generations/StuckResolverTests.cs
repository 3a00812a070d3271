using System.Diagnostics;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Puts;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

public sealed class StuckResolverTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Dispose_ends_though_a_resolver_does_not_return_and_says_so()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var loggers = new ListLoggerFactory();
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o => o.Resolver = (in _, _) =>
        {
            entered.Set();
            release.Wait();
        });
        var cache = KafkaCache.Create(options, loggers);
        Assert.True(entered.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));

        await cache.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Contains(loggers.Logger.Lines, static line => line.Id == 108);
        release.Set();
    }

    // Usually, the replay thread checks the clock, but here it is blocked.
    [Fact]
    public async Task While_a_resolver_does_not_return_the_cache_is_stale_and_afterwards_ready()
    {
        var topic = embedded.CreateTopic();
        using var held = new HeldApply();
        using var loggers = new ListLoggerFactory();
        await using var cache = KafkaCache.Create(
            TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o =>
            {
                o.StaleAfter = TimeSpan.FromSeconds(1);
                held.Hold(o);
            }),
            loggers);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        held.Close();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await Eventually.TrueAsync(
            () =>
                cache.Status is { Phase: CachePhase.Stale, Reason: { } reason }
                    && reason.Contains("stands still", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => loggers.Logger.Lines.Any(static line => line.Id == 241));

        held.Open();
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Reason: null } && cache.Get("a") == "1");
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id == 208);
        Assert.Equal(0, cache.Status.ConsumerRecreations);
    }

    // All records may be in one batch.
    [Fact]
    public async Task Dispose_waits_for_one_record_of_a_slow_resolver_and_not_for_its_batch()
    {
        const int Records = 1_000;
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, Records).Select(static i => TestRecord.Of($"k{i}", "v")));
        using var entered = new ManualResetEventSlim();
        var resolved = 0;
        using var loggers = new ListLoggerFactory();
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o => o.Resolver = (in _, _) =>
        {
            resolved++;
            entered.Set();
            var start = Stopwatch.GetTimestamp();
            SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(20));
        });
        var cache = KafkaCache.Create(options, loggers);
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        await cache.DisposeAsync();

        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id == 108);
        Assert.InRange(Volatile.Read(ref resolved), 1, Records / 2);
    }
}
