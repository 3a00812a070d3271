using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Putting;

/// <summary>A producer with the same guarantees as that of the cache (acks=all, idempotence) and without linger.</summary>
internal sealed class RawProducer : IDisposable
{
    private readonly string _topic;
    private readonly IProducer<string, byte[]> _producer;

    public RawProducer(string bootstrapServers, string topic)
    {
        _topic = topic;
        var config = new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 0,
            Partitioner = Partitioner.Murmur2Random,
        };

        // A broker that has just started can't provide a producer ID yet, and the producer would log this to standard error.
        _producer = new ProducerBuilder<string, byte[]>(config).SetLogHandler(static (_, _) => { }).Build();
    }

    public Task<DeliveryResult<string, byte[]>> SendAsync(string key, byte[] value) =>
        _producer.ProduceAsync(_topic, new Message<string, byte[]> { Key = key, Value = value });

    public void Dispose() => _producer.Dispose();
}
