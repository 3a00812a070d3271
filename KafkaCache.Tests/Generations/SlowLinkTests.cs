using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Generations;

/// <summary>On a slow link, a single response takes longer than any timeout. Partial data counts as progress, so the cache must not start
/// over.</summary>
[Collection(nameof(ProxiedKafkaTests))]
public sealed class SlowLinkTests(ProxiedKafka kafka)
{
    private const int BytesPerSecond = 250_000;

    private static readonly (string, string)[] LargeRecords = [("max.message.bytes", "5000000")];

    [Fact]
    public async Task A_record_that_is_on_its_way_for_longer_than_a_silent_broker_is_given_comes_in_one_go()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 1, LargeRecords);
        await WriteAsync(topic, records: 1, bytes: 3_500_000, partitions: 1);
        using var loggers = new ListLoggerFactory();
        var link = proxy.Link = new SlowLink(BytesPerSecond);
        await using var cache = KafkaCache.Create(Options(proxy, topic), loggers);

        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, cache.Count);
        Assert.InRange(link.Passed, 3_500_000, 4_000_000);
        AssertUndisturbed(cache, loggers);
    }

    [Fact]
    public async Task A_ready_cache_stays_ready_while_a_large_record_arrives()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 2, LargeRecords);
        using var loggers = new ListLoggerFactory();
        var options = Options(proxy, topic);
        options.StaleAfter = TimeSpan.FromSeconds(4);
        await using var cache = await KafkaCache.Create(options, loggers).ReadyOrGoneAsync();

        proxy.Link = new SlowLink(BytesPerSecond);
        await WriteAsync(topic, records: 1, bytes: 3_500_000, partitions: 1);
        await Eventually.TrueAsync(() => cache.Count == 1, TimeSpan.FromSeconds(60));

        AssertUndisturbed(cache, loggers);
    }

    [Fact]
    [Trait("Category", "Long")]
    public Task Five_megabytes_in_64_partitions_and_records_of_megabytes_come_in_at_the_pace_of_the_link() =>
        ManyAndLargeRecordsAsync(records: 5_000, large: 2);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Twenty_megabytes_in_64_partitions_and_records_of_megabytes_come_in_at_the_pace_of_the_link() =>
        ManyAndLargeRecordsAsync(records: 20_000, large: 3);

    private async Task ManyAndLargeRecordsAsync(int records, int large)
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 64, LargeRecords);
        await WriteAsync(topic, records, bytes: 1_000, partitions: 64);
        await WriteAsync(topic, large, bytes: 4_000_000, partitions: 64);
        using var loggers = new ListLoggerFactory();
        var link = proxy.Link = new SlowLink(BytesPerSecond);
        await using var cache = KafkaCache.Create(Options(proxy, topic), loggers);

        // A record of 4 MB takes 16 seconds, and a response may contain other records too.
        await GrowsUntilReadyAsync(cache, most: TimeSpan.FromSeconds(30));

        Assert.Equal(records + large, cache.Count);
        var size = (records * 1_000L) + (large * 4_000_000L);
        Assert.InRange(link.Passed, size, size * 5 / 4);
        AssertUndisturbed(cache, loggers);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_thousand_partitions_come_in_at_the_pace_of_the_link()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 1_000);
        await WriteAsync(topic, records: 5_000, bytes: 1_000, partitions: 1_000);
        using var loggers = new ListLoggerFactory();
        proxy.Link = new SlowLink(BytesPerSecond);
        await using var cache = KafkaCache.Create(Options(proxy, topic), loggers);

        await GrowsUntilReadyAsync(cache, most: TimeSpan.FromSeconds(20));

        Assert.Equal(5_000, cache.Count);
        AssertUndisturbed(cache, loggers);
    }

    [Fact]
    public async Task Puts_of_many_megabytes_are_acknowledged_one_batch_after_another()
    {
        const int Puts = 30; // They take 12 seconds on the link; PutTimeout is 30 seconds.
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 1);
        await using var cache = await KafkaCache.Create(Options(proxy, topic)).ReadyOrGoneAsync();
        await cache.PutAsync("warm", [], cancellationToken: TestContext.Current.CancellationToken);

        proxy.Link = new SlowLink(BytesPerSecond);
        var puts = await cache.PutManyAsync(
            Enumerable.Range(0, Puts).Select(static i => KeyValuePair.Create($"k{i}", Bytes(i, 100_000))),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(puts, static put => Assert.Null(put.Error));
        Assert.Equal(1 + Puts, await kafka.Direct.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public async Task A_put_of_one_large_record_is_acknowledged()
    {
        var proxy = await kafka.StartAsync();
        var topic = await kafka.Direct.CreateTopicAsync(partitions: 1, LargeRecords);
        var options = Options(proxy, topic);
        options.Producer = new ProducerConfig { MessageMaxBytes = 5_000_000 };
        await using var cache = await KafkaCache.Create(options).ReadyOrGoneAsync();
        await cache.PutAsync("warm", [], cancellationToken: TestContext.Current.CancellationToken);

        proxy.Link = new SlowLink(BytesPerSecond);
        await cache.PutAsync("large", Bytes(0, 4_000_000), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, await kafka.Direct.EndOffsetAsync(topic, 0));
    }

    private static KafkaCacheOptions<string, byte[]> Options(FaultProxy proxy, string topic) => new()
    {
        BootstrapServers = proxy.Address,
        Topic = topic,
        ReadOnly = false,
        ReadyTimeout = TimeSpan.FromMinutes(5),
    };

    private static async Task GrowsUntilReadyAsync(KafkaCache<string, byte[]> cache, TimeSpan most)
    {
        var (applied, grew, longest) = (0L, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        await Eventually.TrueAsync(
            () =>
            {
                var since = Stopwatch.GetElapsedTime(grew);
                longest = since > longest ? since : longest;
                if (cache.Status.RecordsApplied is var now && now != applied)
                    (applied, grew) = (now, Stopwatch.GetTimestamp());
                return cache.Status.Phase == CachePhase.Ready;
            },
            TimeSpan.FromMinutes(5));

        TestContext.Current.SendDiagnosticMessage(
            $"ready after {cache.Status.TimeToReady?.TotalSeconds:0.0} s; nothing was applied for {longest.TotalSeconds:0.0} s at most");
        Assert.InRange(longest, TimeSpan.Zero, most);
    }

    private static void AssertUndisturbed(KafkaCache<string, byte[]> cache, ListLoggerFactory loggers)
    {
        Assert.Equal(0, cache.Status.ConsumerRecreations);
        Assert.DoesNotContain(loggers.Logger.Lines, static line => line.Id is 102 or 208 or 240);
    }

    // Writes without the proxy, and so without its delay. A batch has at most 16 KB, because a Fetch response truncates a partition's data
    // at 64 KB, and the broker then sends a truncated batch again.
    private async Task WriteAsync(string topic, int records, int bytes, int partitions)
    {
        using var producer = new ProducerBuilder<string, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = kafka.Direct.BootstrapServers,
                MessageMaxBytes = 5_000_000,
                LingerMs = 5,
                BatchSize = 16 << 10,
            }).Build();
        for (var i = 0; i < records; i++)
        {
            producer.Produce(
                new TopicPartition(topic, i % partitions),
                new Message<string, byte[]> { Key = string.Create(CultureInfo.InvariantCulture, $"{bytes}-{i}"), Value = Bytes(i, bytes) });
        }

        Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(60)));
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
