using System.Diagnostics;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Generations;

[Collection(nameof(StandardErrorTests))]
public sealed class BrokerDownTests
{
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_broker_down_for_15_seconds_is_a_handful_of_lines_a_stale_cache_and_a_recovery()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File descriptors are captured on Unix only.");
        using var loggers = new ListLoggerFactory();
        using var standardError = new StandardErrorCapture();
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t", partitions: 3);
        await kafka.ProduceAsync("t", "a", "1");
        var options = TestCaches.Options<string, string>(broker.BootstrapServers, "t", static o =>
        {
            o.StaleAfter = TimeSpan.FromSeconds(2);
            o.ReadOnly = false;
        });
        await using (var cache = KafkaCache.Create(options, loggers))
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            var before = loggers.Logger.Lines.Count;

            broker.SetBrokerDown();
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stale, TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken); // The test is about this period.
            Assert.Equal("1", cache.Get("a"));

            broker.SetBrokerUp();
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready);
            await kafka.ProduceAsync("t", "a", "2");
            await Eventually.TrueAsync(() => cache.Get("a") == "2");

            var lines = loggers.Logger.Lines.Skip(before).ToList();
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', lines));
            Assert.InRange(lines.Count(static line => line.Level >= LogLevel.Information), 2, 9);
        }

        Assert.Empty(standardError.Text);
    }

    [Fact]
    public async Task With_nothing_listening_create_returns_the_wait_names_the_address_and_dispose_ends()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File descriptors are captured on Unix only.");
        const string Closed = "127.0.0.1:1"; // Nothing listens on port 1, which requires privileges.
        using var loggers = new ListLoggerFactory();
        using var standardError = new StandardErrorCapture();
        var start = Stopwatch.GetTimestamp();
        var cache = KafkaCache.Create(TestCaches.Options<string, string>(Closed, "t"), loggers);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => cache.Status.Reason?.Contains("refused", StringComparison.Ordinal) == true);
        var late = Assert.Throws<TimeoutException>(() => cache.WaitUntilReady(TimeSpan.FromMilliseconds(100)));
        Assert.Contains(Closed, late.Message, StringComparison.Ordinal);
        Assert.Contains("refused", late.Message, StringComparison.Ordinal);
        Assert.Equal(CachePhase.Starting, cache.Status.Phase);

        start = Stopwatch.GetTimestamp();
        await cache.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(loggers.Logger.Lines.Count(static line => line.Level >= LogLevel.Information), 1, 6);
        Assert.Empty(standardError.Text);
    }
}
