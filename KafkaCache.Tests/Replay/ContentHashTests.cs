using KafkaCaching.Store.Faster;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay.Sources;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay;

/// <summary>A history always has the same content, however its records are fetched, partitioned and stored.</summary>
public sealed class ContentHashTests(EmbeddedBrokerFixture embedded, RealBrokerFixture real)
{
    private const long SmallBudget = 1 << 20;

    private readonly TopicHistory _history = new(TestSeed.Next());

    [Fact]
    public Task Either_source_and_one_or_eight_partitions_give_the_same_content_on_the_embedded_broker() =>
        SameContentAsync(embedded.Kafka, embedded.CreateTopic(partitions: 1), embedded.CreateTopic(partitions: 8));

    [Fact]
    public async Task Either_source_and_one_or_eight_partitions_give_the_same_content_on_a_real_broker()
    {
        var kafka = await real.ConnectAsync();
        await SameContentAsync(kafka, await kafka.CreateTopicAsync(partitions: 1), await kafka.CreateTopicAsync(partitions: 8));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Either_source_gives_the_same_content_of_batches_that_a_real_broker_compressed(string codec)
    {
        var kafka = await real.ConnectAsync();
        var topic = await kafka.CreateTopicAsync(partitions: 1, ("compression.type", codec));
        await kafka.ProduceAsync(topic, _history.Records);
        Assert.Equal(ContentHash.OfValues(_history.Left), await HashOfBothSourcesAsync(kafka.BootstrapServers, topic));
    }

    [Fact]
    public async Task Spilled_and_unspilled_stores_give_the_same_content()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, _history.Records);
        using var directory = new TemporaryDirectory();
        await using var unspilled = KafkaCache.Create(TestCaches.Options<byte[], byte[]>(embedded.BootstrapServers, topic));
        await using var spilled = KafkaCache<byte[], byte[]>.Start(
            TestCaches.Options<byte[], byte[]>(embedded.BootstrapServers, topic, o => o.Store.SpillDirectory = directory.Path),
            loggerFactory: null,
            // The topic is small, so the budget is smaller than the options allow.
            static settings => new FasterStateStore(settings with { MemoryBudget = SmallBudget, MaxEntryBytes = null }));
        await unspilled.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await spilled.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ContentHash.OfEntries(unspilled.Scan()), ContentHash.OfEntries(spilled.Scan()));
        Assert.Equal(ContentHash.OfValues(_history.Left), ContentHash.OfValues(spilled.Scan()));
        Assert.Equal(unspilled.Count, spilled.Count);

        // The content is larger than the budget, so some of it must have been read from the file.
        Assert.InRange(_history.LeftBytes, SmallBudget * 3 / 2, long.MaxValue);
        Assert.InRange(spilled.Status.MemoryBytes, 1, SmallBudget * 5 / 4);
        Assert.InRange(new FileInfo(Assert.Single(directory.Files)).Length, _history.LeftBytes - SmallBudget, long.MaxValue);
    }

    [Fact]
    public void Anything_that_changes_in_one_entry_changes_the_hash()
    {
        var entry = new CacheEntry<byte[]>([1, 2], 3, 4, DateTimeOffset.FromUnixTimeMilliseconds(5));
        string[] hashes =
        [
            Hash([7, 8], entry),
            Hash([7, 9], entry),
            Hash([7, 8, 1], entry with { Value = [2] }),
            Hash([7, 8], entry with { Value = [1, 3] }),
            Hash([7, 8], entry with { Value = [] }),
            Hash([7, 8], entry with { Partition = 2 }),
            Hash([7, 8], entry with { Offset = 5 }),
            Hash([7, 8], entry with { Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(6) }),
            ContentHash.OfEntries([]),
        ];
        Assert.Distinct(hashes);

        var left = _history.Left.ToArray();
        var whole = ContentHash.OfValues(left);
        Assert.Equal(whole, ContentHash.OfValues(left.Reverse()));
        left[^1] = new(left[^1].Key, [.. left[^1].Value, 0]);
        Assert.NotEqual(whole, ContentHash.OfValues(left));

        static string Hash(byte[] key, CacheEntry<byte[]> entry) => ContentHash.OfEntries([new(key, entry)]);
    }

    private async Task SameContentAsync(TestKafka kafka, string one, string eight)
    {
        await kafka.ProduceAsync(one, _history.Records);
        await kafka.ProduceAsync(eight, _history.Records);
        var hash = ContentHash.OfValues(_history.Left);
        Assert.Equal(hash, await HashOfBothSourcesAsync(kafka.BootstrapServers, one));
        Assert.Equal(hash, await HashOfBothSourcesAsync(kafka.BootstrapServers, eight));
    }

    private static async Task<string> HashOfBothSourcesAsync(string bootstrapServers, string topic)
    {
        await using var fast = KafkaCache.Create(TestCaches.Options<byte[], byte[]>(bootstrapServers, topic));
        await fast.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        using var fallback = await FallbackCache.ReadyAsync(bootstrapServers, topic, NullLogger.Instance);
        Assert.Equal((RecordSourceKind.Batches, RecordSourceKind.Consume), (fast.Status.Source, fallback.Status.Source));
        Assert.Equal(ContentHash.OfEntries(fast.Scan()), ContentHash.OfEntries(fallback.Scan()));
        Assert.Equal(fast.Count, fallback.Count);
        return ContentHash.OfValues(fast.Scan());
    }
}
