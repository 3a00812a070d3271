namespace KafkaCaching;

/// <summary>A topic as <see cref="KafkaTopics.EnsureAsync"/> found or created it.</summary>
/// <param name="TopicId">The topic's ID, which changes when the topic is deleted and created again; empty if the brokers report
/// none.</param>
/// <param name="Partitions">The number of partitions.</param>
/// <param name="IsCreated">Whether this call has created the topic. Of several concurrent callers, only one creates it.</param>
/// <param name="AreSettingsChecked">Whether the topic's settings are known to be as required. They are unknown if the brokers don't support
/// the request that describes settings, as with librdkafka's mock cluster.</param>
public sealed record EnsuredTopic(string TopicId, int Partitions, bool IsCreated, bool AreSettingsChecked);
