using System.Diagnostics;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Puts;

/// <summary>Caches with the same settings share a producer, and each cache handles its own puts.</summary>
public sealed class SharedProducerTests
{
    private const int ProducerReplaced = 300;

    [Fact]
    public async Task The_end_of_one_cache_answers_its_puts_and_leaves_the_producer_to_the_other()
    {
        await using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        var (one, two) = (Create(broker, "one"), Create(broker, "two"));
        await using var other = two;
        Assert.Same(TestClients.Of(one.Parts).Producer, TestClients.Of(two.Parts).Producer);
        await one.PutAsync("warm", "up");
        await two.PutAsync("warm", "up");
        broker.SetRoundTripTime(TimeSpan.FromSeconds(6));
        var (inFlight, others) = (one.PutAsync("k", "v"), two.PutAsync("k", "v"));

        var start = Stopwatch.GetTimestamp();
        await one.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(9));
        Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => inFlight)).Outcome);
        Assert.Throws<ObjectDisposedException>(() => one.Put("k", "v"));

        // Records that were sent are not withdrawn.
        broker.SetRoundTripTime(TimeSpan.Zero);
        Assert.Equal(1, (await others).Offset);
        Assert.Equal(2, (await two.PutAsync("k", "again")).Offset);
        await Eventually.TrueAsync(
            async () => await kafka.EndOffsetAsync("one", 0) == 2, "the put of the cache that has ended is in the log");
    }

    [Fact]
    public async Task Puts_that_linger_are_sent_when_their_cache_ends()
    {
        await using var broker = EmbeddedBroker.Start();
        using var kafka = new TestKafka(broker.BootstrapServers);
        static void Linger(KafkaCacheOptions<string, string> options) => options.Producer = new ProducerConfig { LingerMs = 20_000 };
        await using var other = Create(broker, "other", change: Linger);
        var cache = Create(broker, "one", change: Linger);
        var puts = Enumerable.Range(0, 50).Select(i => cache.PutAsync($"k{i}", "v")).ToList();

        await cache.DisposeAsync();

        Assert.Equal(Enumerable.Range(0, 50).Select(static i => (long)i), (await Task.WhenAll(puts)).Select(static put => put.Offset));
    }

    [Fact]
    public async Task A_fatal_error_replaces_the_producer_for_all_and_each_says_so()
    {
        using ListLoggerFactory ofOne = new(), ofTwo = new();
        await using var broker = EmbeddedBroker.Start();
        await using var one = Create(broker, "one", ofOne);
        await using var two = Create(broker, "two", ofTwo);
        await one.PutAsync("warm", "up");
        await two.PutAsync("warm", "up");
        broker.PushRequestErrors(KafkaApi.Produce, ErrorCode.OutOfOrderSequenceNumber);
        Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => one.PutAsync("spoilt", "v"))).Outcome);

        await Task.WhenAll(one.PutAsync("k", "v", PutWait.Applied), two.PutAsync("k", "v", PutWait.Applied));

        Assert.Equal(("v", "v"), (one.Get("k"), two.Get("k")));
        Assert.Contains(
            "one", Assert.Single(ofOne.Logger.Lines, static line => line.Id == ProducerReplaced).Text, StringComparison.Ordinal);
        Assert.Contains(
            "two", Assert.Single(ofTwo.Logger.Lines, static line => line.Id == ProducerReplaced).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caches_with_other_settings_have_a_producer_of_their_own()
    {
        await using var broker = EmbeddedBroker.Start();
        await using var one = Create(broker, "one");
        await using var later = Create(broker, "later", change: static o => o.PutTimeout += TimeSpan.FromSeconds(1));
        await using var named = Create(broker, "named", change: static o => o.Client = new ClientConfig { ClientId = "another" });

        Assert.NotSame(TestClients.Of(one.Parts).Producer, TestClients.Of(later.Parts).Producer);
        Assert.NotSame(TestClients.Of(one.Parts).Producer, TestClients.Of(named.Parts).Producer);
        Assert.Same(TestClients.Of(one.Parts).Admin, TestClients.Of(later.Parts).Admin);
        Assert.NotSame(TestClients.Of(one.Parts).Admin, TestClients.Of(named.Parts).Admin);
    }

    private static KafkaCache<string, string> Create(
        EmbeddedBroker broker, string topic, ListLoggerFactory? loggers = null, Action<KafkaCacheOptions<string, string>>? change = null)
    {
        broker.CreateTopic(topic);
        var options = TestOptions.For(broker.BootstrapServers, topic);
        options.PutTimeout = TimeSpan.FromSeconds(40);
        change?.Invoke(options);
        return KafkaCache.Create(options, loggers);
    }
}
