namespace KafkaCaching.Hybrid;

/// <summary>Where a <see cref="KafkaHybridCache"/> keeps its entries.</summary>
public enum KafkaHybridCacheBackend
{
    /// <summary>A topic of a Kafka cluster.</summary>
    Kafka,

    /// <summary>A topic of the embedded broker of <c>KafkaCache.Testing</c>, in this process, for tests and experiments. The application's
    /// code starts the broker, creates the topic and sets <c>BootstrapServers</c>, because this package does not depend on that
    /// one.</summary>
    Embedded,

    /// <summary>Only this process's memory, without brokers or other pods. The entries are lost when the process ends. If code sets
    /// <c>Log</c>, that log is used instead.</summary>
    Memory,
}
