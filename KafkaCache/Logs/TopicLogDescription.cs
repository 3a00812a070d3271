namespace KafkaCaching.Logs;

/// <summary>A log's description of its topic.</summary>
/// <param name="TopicId">The topic's ID, which distinguishes it from a later topic of the same name.</param>
/// <param name="Partitions">The offsets of every partition.</param>
/// <param name="CleanupPolicy">The topic's <c>cleanup.policy</c>; <see langword="null"/> when it is not known.</param>
/// <param name="DeleteRetention">How long a tombstone is kept; <see langword="null"/> when it is not known.</param>
public sealed record TopicLogDescription(
    string TopicId, IReadOnlyList<LogRange> Partitions, string? CleanupPolicy = null, TimeSpan? DeleteRetention = null);
