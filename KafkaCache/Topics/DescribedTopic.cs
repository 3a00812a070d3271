using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaCaching.Topics;

/// <summary>The description of a topic, or the problem with it.</summary>
internal readonly record struct DescribedTopic(TopicShape? Shape, Error Problem)
{
    public static DescribedTopic[] Of(IReadOnlyList<TopicDescription> descriptions, IReadOnlyList<string> topics) =>
        [.. topics.Select(topic => Of(descriptions.FirstOrDefault(one => one.Name == topic)))];

    private static DescribedTopic Of(TopicDescription? description) => description switch
    {
        null => new(Shape: null, new Error(ErrorCode.UnknownTopicOrPart)),
        { Error.IsError: true } => new(Shape: null, description.Error),
        _ => new(new TopicShape(description.TopicId?.ToString() ?? "", description.Partitions.Count), new Error(ErrorCode.NoError)),
    };
}
