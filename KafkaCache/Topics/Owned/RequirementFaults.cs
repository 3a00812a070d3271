using KafkaCaching.Clients;

namespace KafkaCaching.Topics.Owned;

/// <summary>Checks everything about a topic's requirements and the options that can be checked without contacting a broker.</summary>
internal static class RequirementFaults
{
    private const int MaxPartitions = 10_000;

    private static readonly TimeSpan ADay = TimeSpan.FromDays(1);
    private static readonly TimeSpan MinDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(10_000);

    public static IEnumerable<string> Of(TopicRequirements topic)
    {
        if (!TopicNames.IsLegal(topic.Name))
            yield return $"Name is not a name that Kafka allows. {TopicNames.Rule}";
        if (topic.Partitions is < 1 or > MaxPartitions)
            yield return $"Partitions is {topic.Partitions}. Set it to a value from 1 to {MaxPartitions}.";
        if (topic.MaxPartitions < topic.Partitions)
            yield return $"MaxPartitions is {topic.MaxPartitions}, and Partitions is {topic.Partitions}. Set MaxPartitions to at least "
                + $"{topic.Partitions}, or leave it out.";
        if (topic.ReplicationFactor < 1)
            yield return $"ReplicationFactor is {topic.ReplicationFactor}. Set it to at least 1, or leave it out for the brokers' "
                + "default.";
        if (!Enum.IsDefined(topic.Cleanup))
            yield return $"Cleanup is {(int)topic.Cleanup}, which is not a TopicCleanup. Set it to Compact, CompactAndDelete or Delete.";
        if (topic.MinRetention < MinDuration || topic.MinRetention > MaxDuration)
            yield return $"MinRetention is {topic.MinRetention}. Set it to a value from 1 second to 10,000 days, or leave it out.";
        else if (topic is { MinRetention: not null, Cleanup: TopicCleanup.Compact })
            yield return "MinRetention is set, and a topic with the policy compact deletes nothing by age. Leave it out, or set Cleanup to "
                + "CompactAndDelete or Delete.";
        if (topic.MinCompactionLag < MinDuration || topic.MinCompactionLag > MaxDuration)
            yield return $"MinCompactionLag is {topic.MinCompactionLag}. Set it to a value from 1 second to 10,000 days, or leave it out.";
        else if (topic is { MinCompactionLag: not null, Cleanup: TopicCleanup.Delete })
            yield return "MinCompactionLag is set, and a topic with the policy delete is never compacted. Leave it out, or set Cleanup to "
                + "Compact or CompactAndDelete.";
    }

    public static IEnumerable<string> Of(EnsureTopicOptions options) =>
    [
        .. Servers(options),
        .. OwnedProperties.Faults("Client", options.Client),
        .. PropertyCheck.Faults("Client", options.Client),
        .. Times(options),
    ];

    private static IEnumerable<string> Servers(EnsureTopicOptions options)
    {
        var protocol = ClientProtocol.In(options.Client) ?? ClientProtocol.Default;
        (string Option, string? Servers)[] given =
        [
            ("BootstrapServers", options.BootstrapServers), ("Client.BootstrapServers", BootstrapServers.In(options.Client)),
        ];
        if (given.All(static one => string.IsNullOrWhiteSpace(one.Servers)))
            yield return "BootstrapServers is missing, so there is no broker to ask. Set BootstrapServers or Client.BootstrapServers to "
                + "host:port, as in localhost:9092.";
        foreach (var (option, servers) in given)
        {
            if (!string.IsNullOrWhiteSpace(servers) && BootstrapServers.Fault(servers, protocol) is { } fault)
                yield return $"{option}: {fault}";
        }
    }

    private static IEnumerable<string> Times(EnsureTopicOptions options)
    {
        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > ADay)
            yield return $"Timeout is {options.Timeout}. Set it to a value from 1 second to 1 day.";
        if (options.TimeProvider is null)
            yield return "TimeProvider is null. Leave it out to use TimeProvider.System.";
    }
}
