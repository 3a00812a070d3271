namespace KafkaCaching.Topics;

/// <summary>A topic as the brokers describe it. A topic with the same name but another ID is another topic.</summary>
internal sealed record TopicShape(string Id, int Partitions);
