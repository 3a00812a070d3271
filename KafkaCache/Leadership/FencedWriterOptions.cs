using Confluent.Kafka;

namespace KafkaCaching;

/// <summary>Options of a <see cref="FencedWriter"/>: where it writes, and which writers it fences.</summary>
public sealed class FencedWriterOptions
{
    /// <summary>The brokers to connect to first, as a comma-separated list of <c>host:port</c>. Required, unless <see cref="Client"/> sets
    /// it.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>Settings for the producer: SASL, TLS and the like. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>The topic. Required. It must exist.</summary>
    public string? Topic { get; set; }

    /// <summary>The partition to write to. Range: from 0. Default: 0.</summary>
    public int Partition { get; set; }

    /// <summary>The ID of the writer (Kafka: <c>transactional.id</c>). Of all writers with the same ID in a Kafka cluster, only the latest
    /// can write. Required. Range: 1 to 240 characters, no control characters.</summary>
    public string? Id { get; set; }

    /// <summary>The key of the barrier, which is the first record that a new writer writes. In a cache of the topic, the barrier is an
    /// entry. Default: a NUL character, <c>kafkacache/barrier/</c> and <see cref="Id"/>, in UTF-8.</summary>
    public byte[]? BarrierKey { get; set; }

    /// <summary>The value of the barrier. Default: the <c>client.id</c> of this instance, in UTF-8, which shows which instance
    /// writes.</summary>
    public byte[]? BarrierValue { get; set; }

    /// <summary>How long each step (the fence, a write) may take. After this time, the step is tried once more, for up to 5 seconds,
    /// because a process that was paused could not otherwise find out that it has been fenced. Range: 1 second to 1 day. Default: 30
    /// seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transaction may be open before the brokers abort it (Kafka: <c>transaction.timeout.ms</c>). If a writer dies
    /// during a transaction, readers of the topic wait until this time has passed or until the next writer fences the dead one. Range: 1
    /// second to 15 minutes. Default: 15 seconds.</summary>
    public TimeSpan TransactionTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
