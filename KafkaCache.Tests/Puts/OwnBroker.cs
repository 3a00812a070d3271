using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;

namespace KafkaCaching.Tests.Puts;

/// <summary>A writable cache on an embedded broker of one test, which the test may disturb.</summary>
internal sealed class OwnBroker : IAsyncDisposable
{
    private readonly ListLoggerFactory _loggers = new();

    private OwnBroker(EmbeddedBroker broker, string topic, int partitions, Action<KafkaCacheOptions<string, string>>? change)
    {
        Broker = broker;
        Topic = topic;
        Partitions = partitions;
        Kafka = new TestKafka(broker.BootstrapServers);
        broker.CreateTopic(topic, partitions);
        KafkaCacheOptions<string, string> options = TestOptions.For(broker.BootstrapServers, topic);
        change?.Invoke(options);
        Cache = KafkaCache.Create(options, _loggers);
    }

    public EmbeddedBroker Broker { get; }

    public TestKafka Kafka { get; }

    public string Topic { get; }

    public int Partitions { get; }

    public KafkaCache<string, string> Cache { get; }

    public ListLogger Log => _loggers.Logger;

    /// <summary>Starts the broker and the cache, waits until the cache is ready, and warms up its producer by putting the key
    /// <c>warm</c>.</summary>
    public static async Task<OwnBroker> StartAsync(Action<KafkaCacheOptions<string, string>>? change = null, int partitions = 1)
    {
        OwnBroker own = StartCold(change, partitions);
        await own.Cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        await own.WarmUpAsync();
        return own;
    }

    public static OwnBroker StartCold(Action<KafkaCacheOptions<string, string>>? change = null, int partitions = 1) =>
        new(EmbeddedBroker.Start(), TestKafka.UniqueTopic(), partitions, change);

    /// <summary>Reads the keys in the log with their positions, in the order of the log.</summary>
    public async Task<IReadOnlyList<(string Key, CachePosition Position)>> ReadLogAsync() =>
    [
        .. (await Kafka.ReadAllAsync(Topic, Partitions))
            .Select(
                static record =>
                    (Encoding.UTF8.GetString(record.Message.Key!), new CachePosition(record.Partition.Value, record.Offset.Value))),
    ];

    /// <summary>Compares the outcome of one put with the log. A committed record must be in the log once, at its position, and a record
    /// that was not committed must not be in the log.</summary>
    public async Task AssertLogAgreesAsync(string key, PutOutcome outcome, PutResult? result)
    {
        IReadOnlyList<(string Key, CachePosition Position)> log = await ReadLogAsync();
        CachePosition[] found = [.. log.Where(record => record.Key == key).Select(static record => record.Position)];
        if (outcome == PutOutcome.Committed)
            Assert.Equal([result!.Value.Position], found);
        else
            Assert.Null(result);
        if (outcome == PutOutcome.NotCommitted)
            Assert.Empty(found);
    }

    // The first connection of a producer may take longer than the short timeouts of some tests.
    private Task WarmUpAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                await Cache.PutAsync("warm", "up", PutWait.Applied);
                return true;
            }
            catch (PutException cold) when (cold.Outcome is PutOutcome.NotCommitted or PutOutcome.Unknown)
            {
                return false;
            }
            catch (PutException slow) when (slow.Outcome == PutOutcome.Committed)
            {
                await Eventually.TrueAsync(() => Cache.Get("warm") is not null);
                return true;
            }
        },
        "the producer is warm");

    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync();
        Kafka.Dispose();
        Broker.Dispose();
    }
}
