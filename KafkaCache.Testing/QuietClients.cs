using Confluent.Kafka;

namespace KafkaCaching.Testing;

/// <summary>Creates clients that don't use the library and print nothing. A client without a log handler and an error handler would write
/// to standard error.</summary>
internal static class QuietClients
{
    public static IProducer<byte[]?, byte[]?> Producer(string bootstrapServers, string? transactionalId = null) =>
        Build(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 1,

            // If several requests were in flight, a request that a new partition refuses would count as written once the partition accepts
            // the next one.
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

    // With Kafka's defaults, a client that was cut off a few times waits 10 s before it reconnects, and a client whose node has frozen
    // waits 60 s for an answer.
    private static TConfig Prompt<TConfig>(TConfig config)
        where TConfig : ClientConfig
    {
        config.ReconnectBackoffMs ??= 50;
        config.ReconnectBackoffMaxMs ??= 250;
        config.SocketTimeoutMs ??= 10_000;
        return config;
    }
}
