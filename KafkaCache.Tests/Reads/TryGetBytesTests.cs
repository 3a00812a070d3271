using System.Buffers;
using System.Text;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Reads;

public sealed class TryGetBytesTests(EmbeddedBrokerFixture embedded)
{
    public sealed record Thing(int Size);

    private readonly ArrayBufferWriter<byte> _destination = new();

    private string Written => Encoding.UTF8.GetString(_destination.WrittenSpan);

    [Fact]
    public async Task The_bytes_are_those_of_the_topic_undecoded()
    {
        await using var cache = await ReadyAsync<Thing>(
            options: null, TestRecord.Of("spaced", """{ "size" : 1 }"""), TestRecord.Of("bad", "no JSON"), TestRecord.Of("empty", ""));
        Assert.True(cache.TryGetBytes("spaced", _destination));
        Assert.Equal("""{ "size" : 1 }""", Written);
        Assert.True(cache.TryGetBytes("empty", _destination));
        Assert.True(cache.TryGetBytes("bad", _destination));
        Assert.Equal("""{ "size" : 1 }no JSON""", Written);
    }

    [Fact]
    public async Task For_a_key_without_a_value_the_destination_is_left_alone()
    {
        await using var cache = await ReadyAsync<string>(options: null, TestRecord.Of("gone", "x"), TestRecord.Tombstone("gone"));
        Assert.False(cache.TryGetBytes("gone", _destination));
        Assert.False(cache.TryGetBytes(new string('k', 1_000), _destination));
        Assert.Equal(0, _destination.WrittenCount);
        Assert.Throws<ArgumentNullException>("key", () => cache.TryGetBytes(null!, _destination));
        Assert.Throws<ArgumentNullException>("destination", () => cache.TryGetBytes("gone", null!));
    }

    [Fact]
    public async Task A_quarantined_key_throws()
    {
        await using var cache = await ReadyAsync<Thing>(
            static o => o.OnRecordError = RecordErrorPolicy.Quarantine, TestRecord.Of("bad", "no JSON"));
        var error = Assert.Throws<RecordErrorException>(() => cache.TryGetBytes("bad", _destination));
        Assert.Equal(RecordErrorReason.UndecodableValue, error.Reason);
        Assert.Equal(0, _destination.WrittenCount);
    }

    [Fact]
    public async Task After_a_dispose_it_throws_as_reads_do()
    {
        var cache = await ReadyAsync<string>(options: null, TestRecord.Of("a", "x"));
        await cache.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => cache.TryGetBytes("a", _destination));
    }

    [Fact]
    public async Task Neither_it_nor_a_decoded_instance_read_again_allocates()
    {
        await using var cache = await ReadyAsync<string>(options: null, TestRecord.Of("a", new string('x', 200)));
        var destination = new ArrayBufferWriter<byte>(1_000);
        ReadBoth(); // Creates the sessions and the decoded instance.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            ReadBoth();
        // If the thread moves to another processor, another reader session is created.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);

        void ReadBoth()
        {
            destination.ResetWrittenCount();
            if (!cache.TryGetBytes("a", destination) || cache.Get("a") is null)
                throw new InvalidOperationException("It is gone.");
        }
    }

    private async Task<KafkaCache<string, TValue>> ReadyAsync<TValue>(
        Action<KafkaCacheOptions<string, TValue>>? options, params TestRecord[] records)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, records);
        var cache = KafkaCache.Create(TestCaches.Options(embedded.BootstrapServers, topic, options));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return cache;
    }
}
