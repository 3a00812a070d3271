using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Puts;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>Whoever calls Dispose may rely on what it promises, even if another caller was first.</summary>
public sealed class SecondDisposeTests(EmbeddedBrokerFixture embedded)
{
    private const int ReplayThreadStuck = 108;

    [Fact]
    public async Task It_returns_when_the_first_one_does()
    {
        var topic = embedded.CreateTopic();
        using var held = new HeldApply();
        var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, held.Hold);
        held.Close();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await Eventually.TrueAsync(() => cache.Status.Partitions[0].Lag == 1);

        var (first, second) = (new Thread(cache.Dispose), new Thread(cache.Dispose));
        first.Start();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stopped);
        second.Start();

        Assert.False(second.Join(TimeSpan.FromMilliseconds(300)));
        Assert.True(first.IsAlive);
        held.Open();
        Assert.True(second.Join(TimeSpan.FromSeconds(30)));
        Assert.True(first.Join(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task In_a_resolver_it_does_not_wait_for_the_first_one_which_waits_for_the_resolver()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var loggers = new ListLoggerFactory();
        KafkaCache<string, string>? cache = null;
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o => o.Resolver = (in _, _) =>
        {
            entered.Set();
            release.Wait();
            cache!.Dispose();
        });
        cache = KafkaCache.Create(options, loggers);
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

        var first = cache.DisposeAsync().AsTask();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stopped);
        release.Set();
        await first;

        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id == ReplayThreadStuck);
    }
}
