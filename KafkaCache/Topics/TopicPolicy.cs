namespace KafkaCaching.Topics;

/// <summary>The topic's settings for cleanup. A setting is <see langword="null"/> if the brokers do not report it.</summary>
/// <param name="Cleanup">The topic's <c>cleanup.policy</c>.</param>
/// <param name="DeleteRetention">The topic's <c>delete.retention.ms</c>: how long a tombstone is kept after the cleaner has first processed
/// it.</param>
/// <param name="Retention">The topic's <c>retention.ms</c>: how long records are kept if the policy includes <c>delete</c>;
/// <see cref="Timeout.InfiniteTimeSpan"/> if they are kept forever.</param>
internal sealed record TopicPolicy(string? Cleanup, TimeSpan? DeleteRetention, TimeSpan? Retention = null)
{
    /// <summary>Whether the cleaner keeps each record for at least a given time.</summary>
    public bool Keeps(TimeSpan time) => Retention is not { } retention || retention == Timeout.InfiniteTimeSpan || retention >= time;
}
