using Confluent.Kafka;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The producers of the run's own writers.</summary>
internal static class SoakClients
{
    public static IProducer<byte[]?, byte[]?> Producer(string bootstrapServers, string? transactionalId = null) =>
        QuietClients.Build(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            MessageTimeoutMs = 15_000,
            Partitioner = Partitioner.Murmur2Random,
            TopicMetadataRefreshIntervalMs = 1_000,
            TransactionalId = transactionalId,
            TransactionTimeoutMs = transactionalId is null ? null : 20_000,
        });
}
