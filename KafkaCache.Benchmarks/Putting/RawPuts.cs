using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Putting;

/// <summary>Puts without a cache, with the same guarantees.</summary>
internal sealed class RawPuts : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly RawProducer _producer;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly long[] _seen = new long[Workload.Partitions];

    public RawPuts(string bootstrapServers, string topic)
    {
        _producer = new RawProducer(bootstrapServers, topic);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(
            new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = "kafkacache-benchmark", EnableAutoCommit = false }).Build();
        _consumer.Assign(
            Enumerable.Range(0, Workload.Partitions).Select(partition => new TopicPartitionOffset(topic, partition, new Offset(0))));
    }

    public Task ProduceAsync(string key, byte[] value) => _producer.SendAsync(key, value);

    /// <summary>Sends a record, and then consumes in the same call until the record arrives. No separate consumer thread has to signal the
    /// caller.</summary>
    public async Task ProduceAndConsumeAsync(string key, byte[] value)
    {
        var sent = await _producer.SendAsync(key, value);
        while (_seen[sent.Partition.Value] <= sent.Offset.Value)
        {
            var result = _consumer.Consume(Timeout) ?? throw new TimeoutException("The record did not come.");
            _seen[result.Partition.Value] = result.Offset.Value + 1;
        }
    }

    public void Dispose()
    {
        _producer.Dispose();
        _consumer.Dispose();
    }
}
