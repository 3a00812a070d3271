using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaCaching.Topics;

/// <summary>The settings of a topic, or the problem with the request for them.</summary>
internal readonly record struct TopicSettings(IReadOnlyDictionary<string, ConfigEntryResult> Entries, Error Problem)
{
    private static readonly Dictionary<string, ConfigEntryResult> None = [];

    public static TopicSettings[] Of(IEnumerable<DescribeConfigsReport> reports, IReadOnlyList<string> topics)
    {
        var byTopic = reports.ToLookup(static one => one.ConfigResource.Name, StringComparer.Ordinal);
        return [.. topics.Select(topic => Of(byTopic[topic].FirstOrDefault()))];
    }

    public static TopicSettings Of(Error problem) => new(None, problem);

    private static TopicSettings Of(DescribeConfigsReport? report) => report switch
    {
        null => Of(new Error(ErrorCode.UnknownTopicOrPart)),
        { Error.IsError: true } => Of(report.Error),
        _ => new TopicSettings(report.Entries, new Error(ErrorCode.NoError)),
    };
}
