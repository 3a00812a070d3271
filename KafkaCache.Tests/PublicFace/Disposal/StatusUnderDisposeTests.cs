using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Store;

namespace KafkaCaching.Tests.PublicFace.Disposal;

/// <summary>A scrape or a health check may come while a cache ends, and after that.</summary>
public sealed class StatusUnderDisposeTests(EmbeddedBrokerFixture embedded)
{
    [Theory]
    [InlineData("memory")]
    [InlineData("spill")]
    [InlineData("index")]
    [InlineData("expiry")]
    public async Task Status_and_metrics_can_be_read_all_along(string kind)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, Enumerable.Range(0, 2_000).Select(static i => TestRecord.Of($"k{i}", new string('v', 200))));
        using var directory = new TemporaryDirectory();
        using var meters = new OwnMeterFactory();
        for (var round = 0; round < 4; round++)
        {
            var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, o =>
            {
                o.MeterFactory = meters;
                if (kind == "spill")
                    o.Store.SpillDirectory = directory.Path;
                if (kind == "index")
                    o.Indexes.OrderKeys = true;
                if (kind == "expiry")
                    o.TimeToLive = TimeSpan.FromSeconds(1);
            });
            using var over = new CancellationTokenSource();
            var reading = Task.Factory.StartNew(
                () =>
                {
                    using var scrape = new MeterScrape(meters);
                    while (!over.IsCancellationRequested)
                    {
                        _ = cache.Status;
                        scrape.Again();
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await cache.DisposeAsync();
            Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
            await over.CancelAsync();
            await reading;
        }
    }
}
