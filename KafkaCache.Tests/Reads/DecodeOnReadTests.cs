using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Reads;

public sealed class DecodeOnReadTests(EmbeddedBrokerFixture embedded)
{
    public sealed record Thing(int Size);

    [Fact]
    public async Task A_bad_value_throws_at_its_get_and_nowhere_else()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("good", """{"size":1}"""), TestRecord.Of("bad", "a secret that is no JSON"), TestRecord.Of("empty", ""),
            TestRecord.Of("null", "null"));
        await using var cache = KafkaCache.Create(TestCaches.Options<string, Thing>(embedded.BootstrapServers, topic));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new Thing(1), cache.Get("good"));
        Assert.Equal((4, 0), (cache.Count, cache.Status.RecordErrors));
        foreach (var (key, offset) in new[] { ("bad", 1L), ("empty", 2L), ("null", 3L) })
        {
            var error = Assert.Throws<RecordErrorException>(() => cache.Get(key));
            Assert.Equal((0, offset, RecordErrorReason.UndecodableValue), (error.Partition, error.Offset, error.Reason));
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
            Assert.Throws<RecordErrorException>(() => cache.TryGet(key, out _));
            Assert.Throws<RecordErrorException>(() => cache.TryGetEntry(key, out _));
        }

        Assert.Throws<RecordErrorException>(() => cache.Scan().Count());
        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
    }

    [Fact]
    public async Task Empty_bytes_are_a_value_and_null_deletes()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("text", ""), TestRecord.Of("", "empty key"), TestRecord.Of("gone", "x"), TestRecord.Tombstone("gone"));
        await using (var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic))
        {
            Assert.Equal(("", "empty key"), (cache.Get("text"), cache.Get("")));
            Assert.False(cache.TryGet("gone", out var gone));
            Assert.Null(gone);
            Assert.Equal(2, cache.Content().Count);
        }

        await using var bytes = KafkaCache.Create(TestCaches.Options<byte[], byte[]>(embedded.BootstrapServers, topic));
        await bytes.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Empty(bytes.Get("text"u8.ToArray())!);
        Assert.Null(bytes.Get("gone"u8.ToArray()));
    }

    [Fact]
    public async Task An_absent_value_type_is_distinguished_from_its_default()
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, new TestRecord([0, 0, 0, 7], [0, 0, 0, 0]));
        await using var cache = KafkaCache.Create(TestCaches.Options<int, int>(embedded.BootstrapServers, topic));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.True(cache.TryGet(7, out var zero));
        Assert.False(cache.TryGet(8, out _));
        Assert.Equal((0, 0), (zero, cache.Get(8)));
    }

    [Fact]
    public async Task An_entry_carries_the_place_and_the_time_of_its_record()
    {
        var topic = embedded.CreateTopic(partitions: 2);
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        await embedded.Kafka.ProduceAsync(
            topic, TestRecord.Of("a", "0") with { Partition = 1 }, TestRecord.Of("a", "1") with { Partition = 1, Timestamp = timestamp });
        await using var cache = await TestCaches.ReadyAsync(embedded.BootstrapServers, topic);
        Assert.True(cache.TryGetEntry("a", out var entry));
        Assert.Equal(new CacheEntry<string>("1", 1, 1, timestamp), entry);
        Assert.Equal(new CachePosition(1, 1), entry.Position);
        Assert.Equal(entry, Assert.Single(cache.Scan()).Value);
        Assert.False(cache.TryGetEntry("b", out _));
    }
}
