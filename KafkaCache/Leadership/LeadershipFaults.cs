using KafkaCaching.Topics;
using KafkaCaching.Topics.Owned;

namespace KafkaCaching.Leadership;

/// <summary>Checks the options of an election. All faults are reported at once.</summary>
internal static class LeadershipFaults
{
    private const int MaxNameLength = 200;

    public static IEnumerable<string> Of(LeadershipOptions options) =>
    [
        .. RequirementFaults.Of(
            new EnsureTopicOptions
            {
                BootstrapServers = options.BootstrapServers, Client = options.Client, TimeProvider = options.TimeProvider,
            }),
        .. OfTopic(options),
        .. OfName(options.Name),
        .. ElectionFaults.OfSession(options.SessionTimeout),
    ];

    private static IEnumerable<string> OfTopic(LeadershipOptions options)
    {
        if (!TopicNames.IsLegal(options.Topic))
            yield return $"Topic is not a name that Kafka allows. {TopicNames.Rule}";
        if (options.ReplicationFactor < 1)
            yield return $"ReplicationFactor is {options.ReplicationFactor}. Set it to at least 1, or leave it out for the brokers' "
                + "default.";
    }

    private static IEnumerable<string> OfName(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
            yield return $"Name is missing, too long or has control characters. Use 1 to {MaxNameLength} characters.";
    }
}
