namespace KafkaCaching;

/// <summary>What brokers do with old records of a topic: Kafka's <c>cleanup.policy</c>.</summary>
public enum TopicCleanup
{
    /// <summary><c>compact</c>: of each key, the latest record stays. Right for a table.</summary>
    Compact,

    /// <summary><c>compact,delete</c>: of each key, the latest record stays until its segment is older than <c>retention.ms</c>. Right for
    /// entries with a time to live, if the retention is at least the longest of them.</summary>
    CompactAndDelete,

    /// <summary><c>delete</c>: every record stays until its segment is older than <c>retention.ms</c>. Right for a log of
    /// events.</summary>
    Delete,
}
