namespace KafkaCaching;

/// <summary>A topic that is there, as <see cref="KafkaTopics.EnsureAsync"/> found or created it.</summary>
/// <param name="TopicId">The topic's ID, which changes when the topic is deleted and created again; empty where the brokers give
/// none.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="IsCreated">Whether this call has created it. Of several callers at once, one has.</param>
/// <param name="AreSettingsChecked">Whether its settings are known to be as required. They are not where the brokers have no request that
/// describes settings, as librdkafka's mock cluster has none.</param>
public sealed record EnsuredTopic(string TopicId, int Partitions, bool IsCreated, bool AreSettingsChecked);
