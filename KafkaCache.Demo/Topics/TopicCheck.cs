using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Demo.Arguments;

namespace KafkaCaching.Demo.Topics;

/// <summary>Looks before the caches do, so that a wrong address or name ends in one line.</summary>
internal static class TopicCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="DemoException">The brokers can't be reached, or a topic is missing and not to be created.</exception>
    public static async Task EnsureAsync(TopicArguments arguments, ILogger logger, CancellationToken stop)
    {
        using var brokers = new BrokerConversation(arguments.Client, logger);
        var missing = await MissingAsync(brokers, arguments.Names, stop);
        if (missing.Count == 0)
            return;

        if (!arguments.Create)
            throw new DemoException($"Kafka has no topic {string.Join(", ", missing)}: check --topic, or create it with --create.");

        await CreateAsync(brokers, missing, stop);
        await WaitUntilSeenAsync(brokers, missing, stop);
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(BrokerConversation brokers, IReadOnlyList<string> topics, CancellationToken stop)
    {
        var descriptions = await brokers.DescribeAsync(topics, stop);
        foreach (var description in descriptions)
        {
            if (description.Error is { IsError: true } error && error.Code != ErrorCode.UnknownTopicOrPart)
                throw new DemoException($"The topic {description.Name} can't be read: {error.Reason}.");
        }

        return [.. descriptions.Where(description => description.Error.IsError).Select(description => description.Name)];
    }

    // Partitions and replicas are the broker's own defaults (-1).
    private static Task CreateAsync(BrokerConversation brokers, IReadOnlyList<string> topics, CancellationToken stop) => brokers.CreateAsync(
        topics.Select(topic => new TopicSpecification
        {
            Name = topic,
            NumPartitions = -1,
            ReplicationFactor = -1,
            Configs = new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = "compact" },
        }),
        stop);

    // A topic that was just created is not known to every broker at once.
    private static async Task WaitUntilSeenAsync(BrokerConversation brokers, IReadOnlyList<string> topics, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await MissingAsync(brokers, topics, stop)).Count > 0)
        {
            if (deadline.IsCancellationRequested)
                throw new DemoException($"Kafka has created the topic {string.Join(", ", topics)}, but doesn't show it yet: start the demo again.");
            await timer.WaitForNextTickAsync(stop);
        }
    }
}
