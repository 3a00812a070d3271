namespace KafkaCaching.Topics;

/// <summary>What the topic's settings say about cleaning; <see langword="null"/> where the brokers don't tell.</summary>
/// <param name="Cleanup">Its <c>cleanup.policy</c>.</param>
/// <param name="DeleteRetention">Its <c>delete.retention.ms</c>: how long a tombstone stays after the cleaner has first come by.</param>
internal sealed record TopicPolicy(string? Cleanup, TimeSpan? DeleteRetention);
