using Confluent.Kafka;
using KafkaCaching.Logs;

namespace KafkaCaching.Hybrid;

/// <summary>The options of a <see cref="KafkaHybridCache"/>. They are validated when the host starts, together with those of all caches,
/// and all faults are reported at once.</summary>
public sealed class KafkaHybridCacheOptions
{
    // ---- Which topic

    /// <summary>The brokers to ask first, as a comma-separated list of <c>host:port</c>. It must be set here or in <see cref="Client"/>,
    /// unless <see cref="Log"/> is set or <see cref="Backend"/> is <c>Memory</c>.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>The topic, which belongs to this cache alone. Required, unless <see cref="Backend"/> is <c>Memory</c>.</summary>
    public string? Topic { get; set; }

    /// <summary>Where the entries are kept. Default: <see cref="KafkaHybridCacheBackend.Kafka"/>.</summary>
    public KafkaHybridCacheBackend Backend { get; set; }

    /// <summary>Whether a missing topic is created. An existing topic is always checked. Default: <see langword="true"/>.</summary>
    public bool CreateTopic { get; set; } = true;

    /// <summary>The minimum number of partitions of the topic. One partition can take about ten thousand writes per second. Range: 1 to
    /// 10,000. Default: 4.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>The number of brokers that keep each partition of a new topic. Default: 0, which means the brokers'
    /// <c>default.replication.factor</c>.</summary>
    public int ReplicationFactor { get; set; }

    /// <summary>A log to use in place of Kafka's brokers, such as the in-memory topic of <c>KafkaCache.Testing</c>. Default:
    /// <see langword="null"/>, which means the brokers.</summary>
    public ITopicLog? Log { get; set; }

    // ---- Time

    /// <summary>How long an entry is fresh if the caller gives no <c>Expiration</c>. Range: 1 second to <see cref="MaxTimeToLive"/>.
    /// Default: 60 seconds.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest <c>Expiration</c> that a caller may give. Invalidations are kept for longer than this, so a high value costs
    /// memory. Range: 1 second to 30 days. Default: 1 hour.</summary>
    public TimeSpan MaxTimeToLive { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long after its expiration an entry may still be returned if the factory fails. An invalidated entry is never returned.
    /// Range: 0 to 1 day. Default: 0, which means never.</summary>
    public TimeSpan StaleIfError { get; set; }

    /// <summary>The clock. Default: the container's <see cref="System.TimeProvider"/>, or the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }

    // ---- Stampedes

    /// <summary>Whether the pods agree on which of them runs the factory of a key, while the others wait for its result. This relieves the
    /// source but is not a lock: when in doubt, a pod runs the factory itself. Default: <see langword="false"/>, which means that each pod
    /// runs its own.</summary>
    public bool OneFactoryAcrossPods { get; set; }

    /// <summary>How long a pod waits for the factory of another pod before it runs its own. Range: 100 ms to 10 minutes. Default: 10
    /// seconds.</summary>
    public TimeSpan ClaimTimeout { get; set; } = TimeSpan.FromSeconds(10);

    // ---- Sizes

    /// <summary>The largest value that is stored, in serialized bytes. A factory's larger value is returned but not stored. The topic's
    /// <c>max.message.bytes</c> (1 MiB by default) is a further limit. Range: 1 byte to 128 MiB. Default: 1,000,000, which leaves room for
    /// the key, the tags and the rest of the record.</summary>
    public long MaximumPayloadBytes { get; set; } = 1_000_000;

    /// <summary>The longest key or tag, in characters. Range: 1 to 32,768. Default: 1,024.</summary>
    public int MaximumKeyLength { get; set; } = 1_024;

    /// <summary>How the entries are kept in memory.</summary>
    public StoreOptions Store { get; set; } = new();

    // ---- Kafka

    /// <summary>How long a write may take to be acknowledged. Range: 100 ms to 1 day. Default: 30 seconds.</summary>
    public TimeSpan PutTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an acknowledged write may take to become readable here. Range: 1 ms to 1 day. Default: 30 seconds.</summary>
    public TimeSpan ApplyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Settings for every Kafka client, such as SASL and TLS. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>Settings for the consumer, which override those of <see cref="Client"/>. Default: none.</summary>
    public ConsumerConfig? Consumer { get; set; }

    /// <summary>Settings for the producer, which override those of <see cref="Client"/>. Default: none.</summary>
    public ProducerConfig? Producer { get; set; }
}
