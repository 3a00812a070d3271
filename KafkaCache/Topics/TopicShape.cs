namespace KafkaCaching.Topics;

/// <summary>A topic as the brokers describe it. The same name with another ID is another topic.</summary>
internal sealed record TopicShape(string Id, int Partitions);
