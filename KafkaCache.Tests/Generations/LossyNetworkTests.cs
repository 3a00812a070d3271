using System.Diagnostics;
using System.Globalization;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

/// <summary>A proxy between the cache and a real broker drops and delays messages, and resets connections.</summary>
[Collection(nameof(ProxiedKafkaTests))]
public sealed class LossyNetworkTests(ProxiedKafka kafka)
{
    private const int SourceStalled = 208;

    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(6);

    // Less than socket.timeout.ms, after which the Kafka client would detect the problem itself.
    private static readonly TimeSpan BeforeTheClient = TimeSpan.FromSeconds(50);

    [Fact]
    public async Task Fetches_lost_on_the_connection_there_is_come_by_another_consumer()
    {
        using var loggers = new ListLoggerFactory();
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await kafka.Direct.ProduceAsync(topic, "a", "0"); // Without a record, the cache would be ready before its consumer has connected.
        await using var cache = await ReadyAsync(proxy, topic, loggers: loggers);

        var connections = proxy.Connections;
        proxy.Fault = new FrameFault(frame => frame.Api == KafkaApi.Fetch && frame.Connection <= connections, FrameFate.Swallow);
        await kafka.Direct.ProduceAsync(topic, "a", "1");
        await Eventually.TrueAsync(() => cache.Get("a") == "1", BeforeTheClient);

        Assert.Contains(loggers.Logger.Lines, static line => line.Id == SourceStalled);
        Assert.InRange(cache.Status.ConsumerRecreations, 1, long.MaxValue);
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Reason: null });
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Fetches_lost_on_every_connection_make_the_cache_stale_though_the_brokers_answer_otherwise()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await kafka.Direct.ProduceAsync(topic, "a", "1");
        await using var cache = await ReadyAsync(proxy, topic);

        proxy.Fault = FrameFault.Swallow(KafkaApi.Fetch, response: true);
        await kafka.Direct.ProduceAsync(topic, "a", "2");
        await Eventually.TrueAsync(
            () => cache.Status is { Phase: CachePhase.Stale, Reason: { } reason }
                && reason.Contains("stands still", StringComparison.Ordinal),
            BeforeTheClient);

        Assert.Equal("1", cache.Get("a"));
        Assert.Equal(1, cache.Status.Partitions[0].Lag);
        proxy.Fault = null;
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready && cache.Get("a") == "2", BeforeTheClient);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task All_lost_makes_the_cache_stale_in_time_and_it_is_ready_when_all_passes_again()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await kafka.Direct.ProduceAsync(topic, "a", "1");
        await using var reading = await ReadyAsync(proxy, topic);
        await using var refusing = await ReadyAsync(proxy, topic, static options => options.ReadWhenStale = false);

        proxy.Fault = new FrameFault(static _ => true, FrameFate.Swallow);
        var start = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(() => reading.Status.Phase == CachePhase.Stale && refusing.Status.Phase == CachePhase.Stale);
        var elapsed = Stopwatch.GetElapsedTime(start);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"stale after {elapsed.TotalSeconds:0.0} s, StaleAfter is {StaleAfter.TotalSeconds} s");
        Assert.InRange(elapsed, StaleAfter / 2, StaleAfter * 3);
        Assert.Equal("1", reading.Get("a"));
        Assert.Equal(CachePhase.Stale, Assert.Throws<CacheNotReadyException>(() => refusing.Get("a")).Phase);

        await kafka.Direct.ProduceAsync(topic, "a", "2");
        proxy.Fault = null;
        foreach (var cache in new[] { reading, refusing })
        {
            await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready, BeforeTheClient);
            await Eventually.TrueAsync(() => cache.Get("a") == "2", BeforeTheClient);
        }
    }

    [Fact]
    public async Task With_all_lost_dispose_ends_and_the_put_in_flight_is_unknown()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync();
        await using var cache = await ReadyAsync(proxy, topic);
        await cache.PutAsync("warm", "up", PutWait.Applied, TestContext.Current.CancellationToken);

        var fault = proxy.Fault = new FrameFault(static frame => frame.Api == KafkaApi.Produce || frame.IsResponse, FrameFate.Swallow);
        var put = cache.PutAsync("lost", "v", cancellationToken: TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => fault.Met > 0);
        var start = Stopwatch.GetTimestamp();
        await cache.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => put)).Outcome);
    }

    [Fact]
    public async Task With_every_answer_300_ms_late_the_cache_is_ready_and_puts_are_applied()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 3);
        await kafka.Direct.ProduceAsync(topic, Enumerable.Range(0, 100).Select(static i => TestRecord.Of($"k{i}", $"{i}")));
        proxy.Delay = TimeSpan.FromMilliseconds(300);

        await using var cache = await ReadyAsync(proxy, topic, static o => o.StaleAfter = TimeSpan.FromSeconds(30));
        Assert.Equal(100, cache.Count);
        for (var i = 0; i < 3; i++)
        {
            await cache.PutAsync($"k{i}", "put", PutWait.Applied, TestContext.Current.CancellationToken);
            Assert.Equal("put", cache.Get($"k{i}"));
        }

        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
    }

    [Fact]
    public async Task Connections_cut_again_and_again_during_a_replay_cost_no_record()
    {
        const int records = 50_000;
        using var loggers = new ListLoggerFactory();
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 3);
        var padding = new string('x', 300);
        await kafka.Direct.ProduceAsync(
            topic,
            Enumerable.Range(0, records)
                .Select(i => TestRecord.Of((i % (records / 2)).ToString(CultureInfo.InvariantCulture), $"{i}{padding}")));

        // Connections are reset after a number of responses and not after a time, so that a slow machine makes progress too.
        var answers = 0;
        var fault = proxy.Fault = new FrameFault(
            frame => frame.Is(KafkaApi.Fetch, response: true) && Interlocked.Increment(ref answers) % 3 == 0, FrameFate.Cut);
        await using var cache = await ReadyAsync(
            proxy, topic, static options => options.Consumer!.MaxPartitionFetchBytes = 256 << 10, loggers);

        TestContext.Current.TestOutputHelper?.WriteLine($"{fault.Met} connections cut");
        Assert.InRange(fault.Met, 3, int.MaxValue);
        Assert.Equal(records, cache.Status.RecordsApplied);
        Assert.Equal(records / 2, cache.Count);
        for (var i = 0; i < records / 2; i++)
            Assert.Equal($"{i + (records / 2)}{padding}", cache.Get(i.ToString(CultureInfo.InvariantCulture)));
    }

    private static Task<KafkaCache<string, string>> ReadyAsync(
        FaultProxy proxy, string topic, Action<KafkaCacheOptions<string, string>>? change = null, ListLoggerFactory? loggers = null)
    {
        var options = TestOptions.For(proxy.Address, topic);
        options.StaleAfter = StaleAfter;
        options.ReadyTimeout = TimeSpan.FromSeconds(60);
        change?.Invoke(options);
        return KafkaCache.Create(options, loggers).ReadyOrGoneAsync();
    }
}
