namespace KafkaCaching.Topics;

/// <summary>The topic's settings for cleaning; <see langword="null"/> when the brokers do not report them.</summary>
/// <param name="Cleanup">The topic's <c>cleanup.policy</c>.</param>
/// <param name="DeleteRetention">The topic's <c>delete.retention.ms</c>: how long a tombstone is kept after the cleaner has first processed
/// it.</param>
internal sealed record TopicPolicy(string? Cleanup, TimeSpan? DeleteRetention);
