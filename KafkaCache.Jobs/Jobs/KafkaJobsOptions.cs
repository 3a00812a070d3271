using Confluent.Kafka;
using KafkaCaching.Jobs.Leading;

namespace KafkaCaching.Jobs;

/// <summary>The options of the jobs' topics, logs and elections. They are validated when the host starts, and all faults are reported at
/// once.</summary>
public sealed class KafkaJobsOptions : IElectedOptions
{
    /// <summary>The brokers to ask first, as a comma-separated list of <c>host:port</c>. It must be set here, in <see cref="Client"/> or by
    /// <c>AddKafkaCacheDefaults</c>.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Settings for every Kafka client, such as SASL and TLS. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>The topic of the states and the runs: one partition, compacted. Several services may share it if their jobs have different
    /// names. Default: <c>jobs</c>.</summary>
    public string Topic { get; set; } = "jobs";

    /// <summary>The topic of the logs: one partition, compacted, with a retention. Default: <see langword="null"/>, which means
    /// <see cref="Topic"/> with the suffix <c>-logs</c>.</summary>
    public string? LogTopic { get; set; }

    /// <summary>How long the lines of a run are kept. Range: 1 minute to 3,650 days. Default: 7 days.</summary>
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The memory for the lines, in bytes. If they need more, the oldest are dropped from memory. Range: 16 MiB to 1 TiB. Default:
    /// 64 MiB.</summary>
    public long LogMemoryBudget { get; set; } = 64L << 20;

    /// <summary>The number of runs of each job that are kept. If their errors are long, fewer runs are kept: the runs of a job take at most
    /// 500 KB. Range: 1 to 1,000. Default: 20.</summary>
    public int RunsKept { get; set; } = 20;

    /// <summary>Whether missing topics are created. Existing topics are always checked. Default: <see langword="true"/>.</summary>
    public bool CreateTopic { get; set; } = true;

    /// <summary>The replication factor of a new topic. Range: from 1. Default: <see langword="null"/>, which uses the brokers'
    /// <c>default.replication.factor</c>.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>The topic of the elections (see <see cref="LeadershipOptions.Topic"/>). Default: <c>kafkacache-leadership</c>.</summary>
    public string ElectionTopic { get; set; } = "kafkacache-leadership";

    /// <summary>How long the brokers wait for a heartbeat from an instance (see <see cref="LeadershipOptions.SessionTimeout"/>). Range: 1
    /// second to 5 minutes. Default: 6 seconds.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a run on demand waits for its turn before the job counts as held by another instance. The wait includes the
    /// brokers' <c>group.initial.rebalance.delay.ms</c> (3 seconds by default) and <see cref="SessionTimeout"/>. Range: 1 second to 1 day.
    /// Default: 15 seconds.</summary>
    public TimeSpan HeldTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one save may take (see <see cref="FencedWriterOptions.TransactionTimeout"/>). Range: 1 second to 15 minutes.
    /// Default: 15 seconds.</summary>
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How the states are kept in memory.</summary>
    public StoreOptions Store { get; set; } = new();

    internal string LogTopicOrDefault => LogTopic ?? $"{Topic}-logs";
}
