namespace KafkaCaching;

/// <summary>The requirements for a topic. <see cref="KafkaTopics.EnsureAsync"/> creates a missing topic according to them, and checks an
/// existing one against them.</summary>
/// <remarks>Instances are immutable and therefore thread-safe.</remarks>
public sealed class TopicRequirements
{
    /// <summary>The topic. Required. Range: Kafka's legal names, which are 1 to 249 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; not
    /// <c>.</c> or <c>..</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The number of partitions of a new topic, and the minimum number for an existing one. Range: 1 to 10,000. Default:
    /// 1.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>The maximum number of partitions of an existing topic. Range: from <see cref="Partitions"/>. Default:
    /// <see langword="null"/>, which means any number.</summary>
    public int? MaxPartitions { get; init; }

    /// <summary>The number of brokers that keep each partition of a new topic (Kafka: <c>replication.factor</c>). It is not checked for an
    /// existing topic. Range: from 1. Default: <see langword="null"/>, which means the brokers'
    /// <c>default.replication.factor</c>.</summary>
    public short? ReplicationFactor { get; init; }

    /// <summary>The topic's <c>cleanup.policy</c>. Default: <see cref="TopicCleanup.Compact"/>.</summary>
    public TopicCleanup Cleanup { get; init; }

    /// <summary>The minimum time for which the brokers keep a record (Kafka: <c>retention.ms</c>). A new topic gets this value; an existing
    /// topic may have a higher one. It can't be combined with <see cref="TopicCleanup.Compact"/>, which deletes no records by age. Range: 1
    /// second to 10,000 days. Default: <see langword="null"/>, which means the brokers' default for a new topic, and any value for an
    /// existing one.</summary>
    /// <remarks>With <see cref="TopicCleanup.CompactAndDelete"/>, the topic must not lose a record by size either: its
    /// <c>retention.bytes</c> must be -1, which is Kafka's default.</remarks>
    public TimeSpan? MinRetention { get; init; }

    /// <summary>The minimum time for which the cleaner does not compact a record (Kafka: <c>min.compaction.lag.ms</c>). A new topic gets
    /// this value; an existing topic may have a higher one. It can't be combined with <see cref="TopicCleanup.Delete"/>. Range: 1 second to
    /// 10,000 days. Default: <see langword="null"/>, which means the brokers' default for a new topic, and any value for an existing
    /// one.</summary>
    public TimeSpan? MinCompactionLag { get; init; }

    /// <summary>Whether the brokers must set each record's timestamp when they append it (Kafka:
    /// <c>message.timestamp.type=LogAppendTime</c>), so that the age of a record does not depend on the clock of its writer. Default:
    /// <see langword="false"/>, which means that either type is acceptable.</summary>
    public bool LogAppendTime { get; init; }

    /// <summary>Creates the requirements for the topic of a cache. A cache whose entries have a time to live needs
    /// <c>cleanup.policy=compact,delete</c>, a <c>retention.ms</c> of at least the longest time to live, and
    /// <c>message.timestamp.type=LogAppendTime</c>. No tombstone is written for an entry that has expired, so only the retention removes
    /// its record from the topic.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="partitions">The minimum number of partitions.</param>
    /// <param name="maxTimeToLive">The longest time to live of an entry; <see langword="null"/> if entries don't expire.</param>
    /// <returns>The requirements.</returns>
    public static TopicRequirements ForCache(string name, int partitions = 1, TimeSpan? maxTimeToLive = null) => new()
    {
        Name = name,
        Partitions = partitions,
        Cleanup = maxTimeToLive is null ? TopicCleanup.Compact : TopicCleanup.CompactAndDelete,
        MinRetention = maxTimeToLive,
        LogAppendTime = maxTimeToLive is not null,
    };
}
