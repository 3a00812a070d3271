namespace KafkaCaching.Hybrid;

/// <summary>Where a <see cref="KafkaHybridCache"/> keeps its entries.</summary>
public enum KafkaHybridCacheBackend
{
    /// <summary>A topic of a Kafka cluster.</summary>
    Kafka,

    /// <summary>A topic of the embedded broker of <c>KafkaCache.Testing</c>, in this process, for tests and tries. Code starts the broker,
    /// creates the topic and sets <c>BootstrapServers</c>, because this package does not depend on that one.</summary>
    Embedded,

    /// <summary>This process's memory alone: no brokers and no other pods. The entries end with the process. If code sets <c>Log</c>, that
    /// is the log.</summary>
    Memory,
}
