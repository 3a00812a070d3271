using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Reads;

/// <summary>Reads in each phase of a cache, depending on its options.</summary>
public sealed class ReadPolicyTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    [Fact]
    public async Task Before_the_topic_is_known_reads_say_what_to_do()
    {
        await using var cache = TestCaches.Start(embedded.BootstrapServers, TestKafka.UniqueTopic("missing"));
        foreach (var read in Reads(cache))
        {
            var refused = Assert.Throws<CacheNotReadyException>(read);
            Assert.Equal((CachePhase.Starting, 0), (refused.Phase, refused.Progress));
            Assert.Contains("WaitUntilReady", refused.Message, StringComparison.Ordinal);
            Assert.Contains("ReadBeforeReady", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Before_ready_reads_are_answered_only_where_the_options_say_so(bool readBeforeReady)
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync();
        await kafka.ProduceAsync(topic, TestRecord.Of("a", "1"));
        using var transaction = await kafka.BeginTransactionAsync(topic, TestRecord.Of("a", "2"));
        await using var cache = TestCaches.Start(kafka.BootstrapServers, topic, o => o.ReadBeforeReady = readBeforeReady);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken);

        Assert.Equal((CachePhase.Replaying, 0.5), (cache.Status.Phase, cache.Status.Progress));
        if (readBeforeReady)
        {
            Assert.Equal("1", cache.Get("a"));
            Assert.Single(cache.Content());
        }
        else
        {
            foreach (var read in Reads(cache))
            {
                var refused = Assert.Throws<CacheNotReadyException>(read);
                Assert.Equal((CachePhase.Replaying, 0.5), (refused.Phase, refused.Progress));
            }
        }

        await transaction.CommitAsync();
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal("2", cache.Get("a"));
    }

    [Fact]
    public async Task A_faulted_cache_is_read_where_the_options_say_so()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", "1");
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic, static o =>
        {
            o.ReadWhenFaulted = true;
            o.Decode = DecodeMode.OnReplay;
        });
        await embedded.Kafka.ProduceAsync(topic, new TestRecord([1], [0xff]));
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        Assert.Equal("1", cache.Get("a"));
        Assert.Single(cache.Content());
        await cache.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => cache.Get("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stale_cache_is_read_as_the_options_say_and_recovers(bool readWhenStale)
    {
        using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic("t");
        await kafka.ProduceAsync("t", "a", "1");
        await using var cache = await TestCaches.ReadyAsync(broker.BootstrapServers, "t", o =>
        {
            o.StaleAfter = TimeSpan.FromSeconds(1);
            o.ReadWhenStale = readWhenStale;
        });

        broker.SetBrokerDown();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Stale);
        if (readWhenStale)
        {
            Assert.Equal("1", cache.Get("a"));
        }
        else
        {
            foreach (var read in Reads(cache))
            {
                var refused = Assert.Throws<CacheNotReadyException>(read);
                Assert.Equal(CachePhase.Stale, refused.Phase);
                Assert.Contains("ReadWhenStale", refused.Message, StringComparison.Ordinal);
            }
        }

        broker.SetBrokerUp();
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Ready);
        await kafka.ProduceAsync("t", "a", "2");
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);

        // A concurrent check of the topic may report that the replay stands still. The next check corrects this.
        await Eventually.TrueAsync(() => cache.Status is { Phase: CachePhase.Ready, Reason: null });
        Assert.Equal("2", cache.Get("a"));
    }

    [Fact]
    public async Task A_disposed_cache_refuses_reads_and_waits_but_still_has_a_status()
    {
        var topic = embedded.CreateTopic();
        var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic);
        await cache.DisposeAsync();
        await cache.DisposeAsync();
        cache.Dispose();
        foreach (var read in Reads(cache))
            Assert.Throws<ObjectDisposedException>(read);
        Assert.Throws<ObjectDisposedException>(() => cache.WaitUntilReady());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken));
        Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
    }

    [Fact]
    public async Task Readers_beside_a_dispose_see_a_value_or_that_it_is_disposed_and_nothing_else()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, Enumerable.Range(0, 100).Select(static i => TestRecord.Of($"k{i}", "v")));
        for (var round = 0; round < 5; round++)
        {
            var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic);
            using var reading = new CountdownEvent(3);
            var readers = Reads(cache).Skip(1).Select(read => Task.Factory.StartNew(
                () =>
                {
                    reading.Signal();
                    while (true)
                        read();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToList();
            reading.Wait(TestContext.Current.CancellationToken);
            await cache.DisposeAsync();
            foreach (var reader in readers)
                await Assert.ThrowsAsync<ObjectDisposedException>(
                    () => reader.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_null_key_is_an_argument_error()
    {
        await using var cache = TestCaches.Start(embedded.BootstrapServers, embedded.CreateTopic());
        Assert.Throws<ArgumentNullException>(() => cache.Get(null!));
        Assert.Throws<ArgumentNullException>(() => cache.TryGet(null!, out _));
        Assert.Throws<ArgumentNullException>(() => cache.TryGetEntry(null!, out _));
    }

    private static Action[] Reads(KafkaCache<string, string> cache) =>
    [
        () => cache.TryGetEntry("k1", out _),
        () => cache.Get("k1"),
        () => _ = cache.Count,
        () => _ = cache.Scan().Count(),
    ];
}
