using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaCaching.Demo.Topics;

/// <summary>Checks the topics before the service listens. A wrong address or topic name ends the demo with an error, whereas a cache would
/// wait for the topic.</summary>
internal sealed class TopicCheck(ClientConfig client, IReadOnlyList<string> topics, bool create) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private string? _lastError;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(client).SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => Remember(error)).Build();
        try
        {
            var missing = await MissingAsync(admin).WaitAsync(cancellationToken);
            if (missing.Length > 0 && !create)
                throw new DemoException($"Kafka has no topic {string.Join(", ", missing)}: check --topic, or create it with --create.");
            if (missing.Length > 0)
                await CreateAsync(admin, missing).WaitAsync(cancellationToken);
        }
        catch (CreateTopicsException exception)
        {
            throw new DemoException($"The topic can't be created: {exception.Results.First(result => result.Error.IsError).Error.Reason}");
        }
        catch (KafkaException exception)
        {
            throw new DemoException($"Can't reach Kafka at {client.BootstrapServers}: {_lastError ?? exception.Error.Reason}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string[]> MissingAsync(IAdminClient admin)
    {
        try
        {
            await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = Patience });
            return [];
        }
        catch (DescribeTopicsException exception)
        {
            var failed = exception.Results.TopicDescriptions.Where(topic => topic.Error.IsError).ToArray();
            return Array.Find(failed, topic => topic.Error.Code != ErrorCode.UnknownTopicOrPart) is { } refused
                ? throw new DemoException($"The topic {refused.Name} can't be read: {refused.Error.Reason}")
                : [.. failed.Select(topic => topic.Name)];
        }
    }

    // -1 makes the broker use its own defaults for the number of partitions and the replication factor.
    private static Task CreateAsync(IAdminClient admin, IEnumerable<string> missing) => admin.CreateTopicsAsync(
        missing.Select(topic => new TopicSpecification
        {
            Name = topic,
            NumPartitions = -1,
            ReplicationFactor = -1,
            Configs = new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = "compact" },
        }),
        new CreateTopicsOptions { RequestTimeout = Patience });

    // The error of a single broker is more specific than the error that all brokers are down.
    private void Remember(Error error)
    {
        if (error.Code != ErrorCode.Local_AllBrokersDown)
            _lastError = error.Reason;
    }
}

/// <summary>Why the demo can't run, in one line for the person who started it.</summary>
internal sealed class DemoException(string message) : Exception(message);
