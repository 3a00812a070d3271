namespace KafkaCaching.Topics;

/// <summary>What the brokers say a topic is. Another ID under the same name is another topic.</summary>
internal sealed record TopicShape(string Id, int Partitions);
