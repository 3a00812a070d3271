using Confluent.Kafka;

namespace KafkaCaching.Testing;

/// <summary>Creates plain Confluent.Kafka clients that print nothing. Without a log handler and an error handler, a client writes to
/// standard error.</summary>
internal static class QuietClients
{
    public static IProducer<byte[]?, byte[]?> Producer(string bootstrapServers, string? transactionalId = null) =>
        Build(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 1,

            // With several requests in flight, librdkafka may report a request that a new partition has refused as written when the
            // partition accepts the next one.
            MaxInFlight = 1,
            MessageTimeoutMs = 30_000,
            Partitioner = Partitioner.Murmur2Random,
            TransactionalId = transactionalId,
        });

    public static IProducer<byte[]?, byte[]?> Build(ProducerConfig config) =>
        new ProducerBuilder<byte[]?, byte[]?>(Prompt(config))
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();

    public static IConsumer<byte[]?, byte[]?> Consumer(
        string bootstrapServers, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted, string groupId = "kafkacache-tests") =>
        new ConsumerBuilder<byte[]?, byte[]?>(Prompt(new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = groupId,
                EnableAutoCommit = false,
                EnablePartitionEof = true,
                AutoOffsetReset = AutoOffsetReset.Error,
                IsolationLevel = isolationLevel,
                FetchWaitMaxMs = 50,
                FetchQueueBackoffMs = 5,
            }))
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();

    public static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(Prompt(new AdminClientConfig { BootstrapServers = bootstrapServers }))
            .SetLogHandler(static (_, _) => { })
            .SetErrorHandler(static (_, _) => { })
            .Build();

    // With the default settings, a client waits up to 10 s before it reconnects, and up to 60 s for a response from a frozen node.
    private static TConfig Prompt<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.ReconnectBackoffMs ??= 50;
        config.ReconnectBackoffMaxMs ??= 250;
        config.SocketTimeoutMs ??= 10_000;
        return config;
    }
}
