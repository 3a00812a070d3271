using System.Buffers;
using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Reads;

public sealed class ManyKeysTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task A_key_is_contained_where_it_has_a_value_though_none_is_decoded()
    {
        await using var cache = await ReadyAsync<int>(
            options: null, TestRecord.Of("undecodable", "no number"), TestRecord.Tombstone("gone"));
        Assert.True(cache.ContainsKey("undecodable"));
        Assert.False(cache.ContainsKey("gone"));
        Assert.Throws<ArgumentNullException>("key", () => cache.ContainsKey(null!));
    }

    [Fact]
    public async Task A_quarantined_key_is_neither_contained_nor_listed()
    {
        await using var cache = await ReadyAsync<int>(
            static o => o.OnRecordError = RecordErrorPolicy.Quarantine, TestRecord.Of("bad", "no number"), new TestRecord(
                "good"u8.ToArray(), [0, 0, 0, 7]));
        Assert.Equal(RecordErrorReason.UndecodableValue, Assert.Throws<RecordErrorException>(() => cache.ContainsKey("bad")).Reason);
        Assert.Equal(["good"], cache.Keys);
    }

    [Fact]
    public async Task Several_keys_come_in_the_order_asked_for_without_those_that_have_no_value()
    {
        await using var cache = await ReadyAsync<string>(
            options: null, TestRecord.Of("a", "1"), TestRecord.Of("b", "2"), TestRecord.Of("c", "3"));
        Assert.Equal([KeyValuePair.Create("c", "3"), KeyValuePair.Create("a", "1")], cache.GetMany(["c", "nobody", "a"]));
        Assert.Empty(cache.GetMany([]));
        Assert.Throws<ArgumentNullException>("keys", () => cache.GetMany(null!));
        Assert.Throws<ArgumentNullException>("key", () => cache.GetMany([null!]));
    }

    [Fact]
    public async Task Keys_are_all_that_have_a_value()
    {
        await using var cache = await ReadyAsync<int>(
            options: null, TestRecord.Of("a", "no number"), TestRecord.Of("b", "2"), TestRecord.Tombstone("b"));
        Assert.Equal(["a"], cache.Keys);
        await cache.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => cache.Keys.Any());
    }

    [Fact]
    public async Task Bytes_come_with_the_place_of_their_record()
    {
        var timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        await using var cache = await ReadyAsync<string>(
            options: null, TestRecord.Of("a", "1"), TestRecord.Of("b", "2") with { Timestamp = timestamp });
        var destination = new ArrayBufferWriter<byte>();
        Assert.True(cache.TryGetBytes("b", destination, out var position, out var written));
        Assert.Equal(("2", new CachePosition(0, 1), timestamp), (Encoding.UTF8.GetString(destination.WrittenSpan), position, written));
        Assert.False(cache.TryGetBytes("nobody", destination, out position, out written));
        Assert.Equal((default, default), (position, written));
    }

    private async Task<KafkaCache<string, TValue>> ReadyAsync<TValue>(
        Action<KafkaCacheOptions<string, TValue>>? options, params TestRecord[] records)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, records);
        return await KafkaCache.Create(TestCaches.Options(embedded.BootstrapServers, topic, options)).ReadyOrGoneAsync();
    }
}
