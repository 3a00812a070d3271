using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>Three limits apply to a large value: those of the producer, the topic and the store. Each error names its limit, and a value
/// within all limits is put and replayed.</summary>
public sealed class SizeLimitsTests(RealBrokerFixture real)
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task Twenty_megabytes_are_put_read_and_replayed_where_all_limits_allow()
    {
        var (kafka, topic) = await TopicAsync(64 * MiB);
        var value = RandomBytes(20 * MiB);
        await using (var cache = await ReadyAsync(kafka, topic, Large))
        {
            await cache.PutAsync("k", value, PutWait.Applied, TestContext.Current.CancellationToken);
            Assert.Equal(value, cache.Get("k"));
        }

        await using var replayed = await ReadyAsync(kafka, topic, Large);
        Assert.Equal(value, replayed.Get("k"));
        await replayed.PutAsync("k", value[..(9 * MiB)], PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Equal(value[..(9 * MiB)], replayed.Get("k"));
        await replayed.RemoveAsync("k", PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Null(replayed.Get("k"));
    }

    [Fact]
    public async Task Twenty_megabytes_go_through_a_resolver_and_a_spilling_store()
    {
        var (kafka, topic) = await TopicAsync(64 * MiB);
        var value = RandomBytes(20 * MiB);
        using var directory = new Store.TemporaryDirectory();
        await using var cache = await ReadyAsync(kafka, topic, options =>
        {
            Large(options);
            options.Store.SpillDirectory = directory.Path;
            options.Resolver = static (in CacheRecord record, ICacheUpdates<string, byte[]> updates) =>
            {
                updates.Set("same", record.ReadValue<byte[]>());
                updates.Set("size", BitConverter.GetBytes(record.ValueBytes.Length));
            };
        });
        for (var i = 0; i < 12; i++)
            await cache.PutAsync("k", value[i..], PutWait.Applied, TestContext.Current.CancellationToken);
        Assert.Equal(value[11..], cache.Get("same"));
        Assert.Equal(value.Length - 11, BitConverter.ToInt32(cache.Get("size")!));
    }

    [Fact]
    public async Task A_size_limit_of_the_producer_is_named_by_its_option()
    {
        var (kafka, topic) = await TopicAsync(64 * MiB);
        await using var cache = await ReadyAsync(kafka, topic);

        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", new byte[2 * MiB]));

        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Contains("Producer.MessageMaxBytes", refused.Message, StringComparison.Ordinal);
        await cache.PutAsync("k", [1], PutWait.Applied, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_limit_of_the_topic_is_named_as_such()
    {
        var (kafka, topic) = await TopicAsync(MiB);
        await using var cache = await ReadyAsync(
            kafka, topic, static options => options.Producer = new ProducerConfig { MessageMaxBytes = 10_000_000 });

        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", RandomBytes(2 * MiB)));

        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Contains("max.message.bytes", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MessageMaxBytes", refused.Message, StringComparison.Ordinal);
        await cache.PutAsync("k", [1], PutWait.Applied, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_limit_of_the_store_is_named_by_its_option_for_a_put_and_for_a_record()
    {
        var (kafka, topic) = await TopicAsync(64 * MiB);
        await using var small = await ReadyAsync(
            kafka, topic, static options => options.Producer = new ProducerConfig { MessageMaxBytes = 30_000_000 });
        var refused = await Assert.ThrowsAsync<PutException>(() => small.PutAsync("k", new byte[5 * MiB]));
        Assert.Contains("Store.MaxEntryBytes", refused.Message, StringComparison.Ordinal);

        await using var large = await ReadyAsync(kafka, topic, Large);
        await large.PutAsync("k", new byte[5 * MiB], PutWait.Applied, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => small.Status.Phase == CachePhase.Faulted);
        Assert.Contains("Store.MaxEntryBytes", small.Status.Fault!.Message, StringComparison.Ordinal);
    }

    // More than librdkafka accepts by default in a response and in a decompressed batch. By default, brokers accept requests of up to 100
    // MiB, so the value is compressed.
    [Fact]
    [Trait("Category", "Long")]
    public async Task Two_hundred_megabytes_are_put_and_replayed_where_all_limits_allow()
    {
        var (kafka, topic) = await TopicAsync(256 * MiB);
        var value = new byte[200 * MiB];
        value.AsSpan(100 * MiB).Fill(7);
        Action<KafkaCacheOptions<string, byte[]>> huge = static options =>
        {
            (options.Store.MemoryBudget, options.Store.MaxEntryBytes) = (2L << 30, 256 * MiB);
            options.Producer = new ProducerConfig { MessageMaxBytes = 256 * MiB, CompressionType = CompressionType.Lz4 };
        };
        await using (var cache = await ReadyAsync(kafka, topic, huge))
            await cache.PutAsync("k", value, PutWait.Applied, TestContext.Current.CancellationToken);
        await using var replayed = await ReadyAsync(kafka, topic, huge);
        Assert.True(value.AsSpan().SequenceEqual(replayed.Get("k")));
    }

    private static void Large(KafkaCacheOptions<string, byte[]> options)
    {
        (options.Store.MemoryBudget, options.Store.MaxEntryBytes) = (256 * MiB, 32 * MiB);
        options.Producer = new ProducerConfig { MessageMaxBytes = 32 * MiB };
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private async Task<(TestKafka Kafka, string Topic)> TopicAsync(int maxMessageBytes)
    {
        var kafka = await real.ConnectAsync();
        return (kafka, await kafka.CreateTopicAsync(1, ("cleanup.policy", "compact"), ("max.message.bytes", $"{maxMessageBytes}")));
    }

    private static async Task<KafkaCache<string, byte[]>> ReadyAsync(
        TestKafka kafka, string topic, Action<KafkaCacheOptions<string, byte[]>>? change = null)
    {
        KafkaCacheOptions<string, byte[]> options = TestOptions.For<string, byte[]>(kafka.BootstrapServers, topic);
        options.Store.MemoryBudget = 256 * MiB;
        change?.Invoke(options);
        var cache = KafkaCache.Create(options);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return cache;
    }
}
