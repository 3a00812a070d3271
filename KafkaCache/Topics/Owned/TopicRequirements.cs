namespace KafkaCaching;

/// <summary>What a topic must be: <see cref="KafkaTopics.EnsureAsync"/> creates a missing topic so, and checks an existing one against
/// it.</summary>
/// <remarks>Immutable, and so safe to share between threads.</remarks>
public sealed class TopicRequirements
{
    /// <summary>The topic. Required. Kafka's legal names: 1 to 249 of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; not <c>.</c> or
    /// <c>..</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How many partitions a new topic gets, and an existing one must have at least. Range: 1 to 10,000. Default: 1.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>How many partitions an existing topic may have at most, from <see cref="Partitions"/> on. Default: <see langword="null"/>,
    /// any number.</summary>
    public int? MaxPartitions { get; init; }

    /// <summary>On how many brokers each partition of a new topic is kept (Kafka: <c>replication.factor</c>). An existing topic is not
    /// checked for it. Range: from 1. Default: <see langword="null"/>, as the brokers' <c>default.replication.factor</c> says.</summary>
    public short? ReplicationFactor { get; init; }

    /// <summary>The topic's <c>cleanup.policy</c>. Default: <see cref="TopicCleanup.Compact"/>.</summary>
    public TopicCleanup Cleanup { get; init; }

    /// <summary>How long the brokers keep a record at least (Kafka: <c>retention.ms</c>). A new topic gets this value; an existing one may
    /// have a longer one. Range: 1 second to 10,000 days. Not together with <see cref="TopicCleanup.Compact"/>, which deletes nothing by
    /// age. Default: <see langword="null"/>, the brokers' for a new topic, and any value for an existing one.</summary>
    /// <remarks>With <see cref="TopicCleanup.CompactAndDelete"/>, the topic must not lose a record by size either: its
    /// <c>retention.bytes</c> must be -1, which is Kafka's default.</remarks>
    public TimeSpan? MinRetention { get; init; }

    /// <summary>How long the cleaner leaves a record as it is at least (Kafka: <c>min.compaction.lag.ms</c>). A new topic gets this value;
    /// an existing one may have a longer one. Range: 1 second to 10,000 days. Not together with <see cref="TopicCleanup.Delete"/>. Default:
    /// <see langword="null"/>, the brokers' for a new topic, and any value for an existing one.</summary>
    public TimeSpan? MinCompactionLag { get; init; }

    /// <summary>Whether the brokers must stamp each record with their own clock as they append it (Kafka:
    /// <c>message.timestamp.type=LogAppendTime</c>), so that writers whose clocks differ can't disagree about the age of a record. Default:
    /// <see langword="false"/>, either type will do.</summary>
    public bool LogAppendTime { get; init; }

    /// <summary>The requirements for a cache. A cache whose entries have a time to live needs <c>cleanup.policy=compact,delete</c>, a
    /// <c>retention.ms</c> of at least the longest time to live, and <c>message.timestamp.type=LogAppendTime</c>. Nobody writes a tombstone
    /// for an entry that has expired, so the retention is what removes its record from the topic.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="partitions">How many partitions it has at least.</param>
    /// <param name="longestTimeToLive">The longest time to live that an entry may have; <see langword="null"/> if entries don't
    /// expire.</param>
    /// <returns>The requirements.</returns>
    public static TopicRequirements ForCache(string name, int partitions = 1, TimeSpan? longestTimeToLive = null) => new()
    {
        Name = name,
        Partitions = partitions,
        Cleanup = longestTimeToLive is null ? TopicCleanup.Compact : TopicCleanup.CompactAndDelete,
        MinRetention = longestTimeToLive,
        LogAppendTime = longestTimeToLive is not null,
    };
}
