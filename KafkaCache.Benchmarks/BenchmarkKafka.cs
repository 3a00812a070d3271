using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks;

/// <summary>The real Kafka cluster of a run: either the given one, or one that is started for the run and stopped at its end.</summary>
internal sealed class BenchmarkKafka : IAsyncDisposable
{
    private readonly RealKafka? _own;
    private readonly IAdminClient _admin;
    private readonly List<string> _topics = [];

    private BenchmarkKafka(string bootstrapServers, RealKafka? own)
    {
        _own = own;
        BootstrapServers = bootstrapServers;
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
    }

    public string BootstrapServers { get; }

    public static async Task<BenchmarkKafka> OpenAsync(string? bootstrapServers)
    {
        if (bootstrapServers is not null)
            return new BenchmarkKafka(bootstrapServers, own: null);
        var own = await RealKafka.StartAsync();
        return new BenchmarkKafka(own.BootstrapServers, own);
    }

    public async Task<string> CreateTopicAsync()
    {
        var topic = $"kafkacache-benchmark-{Guid.NewGuid():N}";
        await _admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = Workload.Partitions,
                Configs = new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = "compact" },
            },
        ]);
        _topics.Add(topic);
        return topic;
    }

    public async Task DeleteTopicAsync(string topic)
    {
        _topics.Remove(topic);
        await _admin.DeleteTopicsAsync([topic]);
    }

    /// <summary>Writes the workload's records in large batches, as fast as the brokers accept them.</summary>
    public void Fill(string topic, int records)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = BootstrapServers,
            Partitioner = Partitioner.Murmur2Random,
            LingerMs = 50,
            BatchSize = 1_000_000,
            BatchNumMessages = 100_000,
            QueueBufferingMaxMessages = 1_000_000,
        };
        using var producer = new ProducerBuilder<string, byte[]>(config).Build();
        Error? failure = null;
        for (var number = 0; number < records; number++)
        {
            var message = new Message<string, byte[]> { Key = Workload.Key(number), Value = Workload.Value(number) };
            while (!TryProduce(producer, topic, message, report => failure = report.Error.IsError ? report.Error : failure))
                producer.Poll(TimeSpan.FromMilliseconds(10));
        }

        while (producer.Flush(TimeSpan.FromSeconds(10)) > 0 && failure is null)
        {
            // Flush returns the number of records that are still unsent after the timeout.
        }

        if (failure is not null)
            throw new KafkaException(failure);
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is null && _topics.Count > 0)
            await _admin.DeleteTopicsAsync(_topics);
        _admin.Dispose();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    private static bool TryProduce(
        IProducer<string, byte[]> producer, string topic, Message<string, byte[]> message,
        Action<DeliveryReport<string, byte[]>> onDelivered)
    {
        try
        {
            producer.Produce(topic, message, onDelivered);
            return true;
        }
        catch (ProduceException<string, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
