using Confluent.Kafka;

namespace KafkaCaching;

/// <summary>Options of <see cref="KafkaTopics.EnsureAsync"/>: how to reach the brokers, and what it may do.</summary>
public sealed class EnsureTopicOptions
{
    /// <summary>The brokers to connect to first, as in <see cref="KafkaCacheOptions{TKey, TValue}.BootstrapServers"/>. It must be set here
    /// or in <see cref="Client"/>.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Settings for the admin client: SASL, TLS and the like. A cache with the same settings shares the client. Default:
    /// none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>Whether a missing topic is created. If not, a missing topic is a fault, whose message contains the command that creates it.
    /// Default: <see langword="true"/>.</summary>
    public bool Create { get; set; } = true;

    /// <summary>How long to wait for the brokers in total. Range: 1 second to 1 day. Default: 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
