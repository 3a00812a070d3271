using Confluent.Kafka;

namespace KafkaCaching.Jobs.Leading;

/// <summary>The options of work that one elected instance does for all instances.</summary>
internal interface IElectedOptions
{
    string? BootstrapServers { get; set; }

    ClientConfig? Client { get; set; }

    string ElectionTopic { get; }

    bool CreateTopic { get; }

    short? ReplicationFactor { get; }

    TimeSpan SessionTimeout { get; }
}
