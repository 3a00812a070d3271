namespace KafkaCaching.Hybrid;

/// <summary>Where a <see cref="KafkaHybridCache"/> keeps its entries.</summary>
public enum KafkaHybridCacheBackend
{
    /// <summary>A topic of a Kafka cluster.</summary>
    Kafka,

    /// <summary>A topic of the embedded broker of <c>KafkaCache.Testing</c>, in this process. Code sets <c>BootstrapServers</c> to
    /// it.</summary>
    Embedded,

    /// <summary>A log in this process's memory. Code sets <c>Log</c> to it.</summary>
    Memory,
}
