using DotNet.Testcontainers.Builders;
using Testcontainers.Kafka;

namespace KafkaCaching.Tests.Brokers;

/// <summary>A real Kafka in Docker.</summary>
internal static class DockerKafka
{
    private const string Image = "apache/kafka:4.2.0";

    /// <returns>The container, which has not been started, or <see langword="null"/> if this machine has no Docker.</returns>
    public static KafkaContainer? TryBuild()
    {
        try
        {
            return new KafkaBuilder(Image)
                // Without an additional listener, the advertised listeners end with a comma, which Kafka 4.2 refuses.
                .WithListener("localhost:19092")
                .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .WithEnvironment("KAFKA_LOG_CLEANER_BACKOFF_MS", "200")
                .Build();
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    public static string AddressOf(KafkaContainer container) =>
        $"{container.Hostname}:{container.GetMappedPublicPort(KafkaBuilder.KafkaPort)}";
}
