using Confluent.Kafka;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Clients of the run's own, which know nothing of the library. They are silent: what the brokers suffer is told by the faults.</summary>
internal static class SoakClients
{
    public static IProducer<byte[], byte[]?> Producer(string bootstrapServers, string? transactionalId = null) =>
        new ProducerBuilder<byte[], byte[]?>(new ProducerConfig
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
            })
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();

    public static IConsumer<byte[]?, byte[]?> Consumer(string bootstrapServers) =>
        new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = "kafkacache-soak",
                EnableAutoCommit = false,
                EnablePartitionEof = true,
                AutoOffsetReset = AutoOffsetReset.Error,
                IsolationLevel = IsolationLevel.ReadCommitted,
                FetchWaitMaxMs = 50,
                FetchQueueBackoffMs = 5,
            })
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();

    public static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers })
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();
}
