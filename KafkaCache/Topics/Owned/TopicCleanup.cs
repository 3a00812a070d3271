namespace KafkaCaching;

/// <summary>How brokers treat old records of a topic: Kafka's <c>cleanup.policy</c>.</summary>
public enum TopicCleanup
{
    /// <summary><c>compact</c>: the latest record of each key is kept. This is suitable for a table.</summary>
    Compact,

    /// <summary><c>compact,delete</c>: the latest record of each key is kept until its segment is older than <c>retention.ms</c>. This is
    /// suitable for entries with a time to live, if the retention is at least the longest of these times.</summary>
    CompactAndDelete,

    /// <summary><c>delete</c>: every record is kept until its segment is older than <c>retention.ms</c>. This is suitable for a log of
    /// events.</summary>
    Delete,
}
