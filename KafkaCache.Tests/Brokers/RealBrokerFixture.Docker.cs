using DotNet.Testcontainers.Builders;
using Testcontainers.Kafka;

namespace KafkaCaching.Tests.Brokers;

// The one file that needs the optional package Testcontainers.Kafka; the project file leaves it out where the package is missing.
public sealed partial class RealBrokerFixture
{
    private const string Image = "apache/kafka:4.2.0";

    static partial void StartInDocker(ref Task<(string BootstrapServers, IAsyncDisposable Container)>? starting)
    {
        KafkaContainer container;
        try
        {
            container = new KafkaBuilder(Image)
                // Without a listener of ours the advertised listeners end in a comma, which Kafka 4.2 refuses as an empty one.
                .WithListener("localhost:19092")
                .WithEnvironment("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .WithEnvironment("KAFKA_LOG_CLEANER_BACKOFF_MS", "200")
                .Build();
        }
        catch (DockerUnavailableException)
        {
            // No Docker on this machine: the next kind of broker is asked.
            return;
        }

        starting = StartAsync(container);
    }

    private static async Task<(string BootstrapServers, IAsyncDisposable Container)> StartAsync(KafkaContainer container)
    {
        try
        {
            await container.StartAsync();
            return ($"{container.Hostname}:{container.GetMappedPublicPort(KafkaBuilder.KafkaPort)}", container);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }
}
