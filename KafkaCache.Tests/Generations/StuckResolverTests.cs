using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
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
        var options = TestCaches.Options<string, string>(embedded.BootstrapServers, topic, o => o.Resolver = (in CacheRecord _, ICacheUpdates<string, string> _) =>
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
}
