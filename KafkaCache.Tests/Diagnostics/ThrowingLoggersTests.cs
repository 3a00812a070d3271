using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using KafkaCaching.Tests.Snapshots;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>The application's logger may throw, for example because a disk is full. Only the log lines are lost.</summary>
public sealed class ThrowingLoggersTests(EmbeddedBrokerFixture broker)
{
    private readonly string _topic = broker.CreateTopic();

    [Fact]
    public async Task Cache_becomes_ready_puts_and_ends_all_the_same()
    {
        using var loggers = new ThrowingLoggers(static _ => true);
        var cache = KafkaCache.Create(
            TestCaches.Options<string, string>(broker.BootstrapServers, _topic, static o => o.ReadOnly = false), loggers);
        await using (cache)
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            await cache.PutAsync("k", "v", PutWait.Applied, TestContext.Current.CancellationToken);
            Assert.Equal("v", cache.Get("k"));
            Assert.NotEqual(0, loggers.Thrown);
        }

        Assert.Null(cache.Status.Fault);
    }

    // A snapshot is written on its own thread, where an unhandled exception would end the process.
    [Fact]
    public async Task Snapshot_that_is_logged_in_vain_is_written_and_one_that_fails_ends_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var loggers = new ThrowingLoggers(static id => id is 132 or 134);
        await using var cache = KafkaCache.Create(
            TestCaches.Options<string, string>(broker.BootstrapServers, _topic, o => o.Snapshot.Directory = directory.Path), loggers);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await cache.WriteSnapshotAsync()).Failures);
        Directory.Delete(directory.Path, recursive: true);
        await File.WriteAllTextAsync(directory.Path, "in the way of the directory", TestContext.Current.CancellationToken);
        cache.Parts.Replay.Supervisor.Snapshots!.Request();
        await Eventually.TrueAsync(() => cache.Status.Snapshot!.Failures == 1);

        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
        File.Delete(directory.Path);
        Directory.CreateDirectory(directory.Path);
    }

    // Dispose logs this line after it has stopped the replay and before it disposes of the clients.
    [Fact]
    public async Task Dispose_releases_the_clients_although_a_resolver_hangs_and_the_logger_throws()
    {
        using var own = EmbeddedBroker.Start();
        own.CreateTopic("t");
        using var kafka = new TestKafka(own.BootstrapServers);
        await kafka.ProduceAsync("t", "k", "v");
        using var entered = new ManualResetEventSlim();
        using var letGo = new ManualResetEventSlim();
        using var loggers = new ThrowingLoggers(static id => id is 108);
        var cache = KafkaCache.Create(
            TestCaches.Options<string, string>(own.BootstrapServers, "t", o => o.ValidateRecord = (in CacheRecord _) =>
            {
                entered.Set();
                letGo.Wait();
                return true;
            }),
            loggers);
        Assert.True(entered.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        await cache.DisposeAsync();
        letGo.Set();
    }
}
