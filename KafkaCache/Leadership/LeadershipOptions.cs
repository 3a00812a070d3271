using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace KafkaCaching;

/// <summary>Options of a <see cref="KafkaLeadership"/>: its name, its brokers, and the time until a dead leader is replaced.</summary>
public sealed class LeadershipOptions
{
    /// <summary>The brokers to connect to first, as a comma-separated list of <c>host:port</c>. Required, unless <see cref="Client"/> sets
    /// it.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Settings for every Kafka client of the election: SASL, TLS and the like. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>The name of the leadership, such as <c>prices</c>. Of all instances with the same name and <see cref="Topic"/>, one is
    /// elected. Required. Range: 1 to 200 characters, no control characters.</summary>
    public string? Name { get; set; }

    /// <summary>The election topic. It has one partition and never holds a record, so any number of leaderships can share it. Range:
    /// Kafka's legal names. Default: <c>kafkacache-leadership</c>.</summary>
    public string Topic { get; set; } = "kafkacache-leadership";

    /// <summary>Whether a missing election topic is created. Default: <see langword="true"/>.</summary>
    public bool CreateTopic { get; set; } = true;

    /// <summary>The number of brokers that hold a copy of a new election topic. Range: from 1. Default: <see langword="null"/>, which means
    /// the brokers' <c>default.replication.factor</c>.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>How long the brokers wait for a heartbeat before they elect another leader (Kafka: <c>session.timeout.ms</c>). The brokers
    /// accept no less than their <c>group.min.session.timeout.ms</c>, which is 6 seconds by default. Range: 1 second to 5 minutes. Default:
    /// 6 seconds.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Creates the meter. Default: <see langword="null"/>, which means a meter of the process.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>The consumer group of the election, for ACLs: the topic, a dot and the name.</summary>
    public string Group => $"{Topic}.{Name}";
}
