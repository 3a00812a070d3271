using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace KafkaCaching;

/// <summary>The options that the caches of a service can share: all options in <see cref="KafkaCacheOptions{TKey, TValue}"/> that don't
/// depend on a cache's topic or types. <c>AddKafkaCacheDefaults</c> sets them for every cache; a cache's own settings take
/// precedence.</summary>
public interface IKafkaCacheDefaults
{
    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.BootstrapServers"/>
    string? BootstrapServers { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ReadOnly"/>
    bool ReadOnly { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.Decode"/>
    DecodeMode Decode { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ReuseInstances"/>
    bool? ReuseInstances { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.OnRecordError"/>
    RecordErrorPolicy OnRecordError { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ReadBeforeReady"/>
    bool ReadBeforeReady { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ReadWhenStale"/>
    bool ReadWhenStale { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ReadWhenFaulted"/>
    bool ReadWhenFaulted { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ReadyTimeout"/>
    TimeSpan ReadyTimeout { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.StaleAfter"/>
    TimeSpan StaleAfter { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.PutTimeout"/>
    TimeSpan PutTimeout { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.ApplyTimeout"/>
    TimeSpan ApplyTimeout { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.TimeProvider"/>
    TimeProvider TimeProvider { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.Store"/>
    StoreOptions Store { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.Snapshot"/>
    SnapshotOptions Snapshot { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.Client"/>
    ClientConfig? Client { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.Consumer"/>
    ConsumerConfig? Consumer { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.Producer"/>
    ProducerConfig? Producer { get; set; }

    /// <inheritdoc cref="KafkaCacheOptions{TKey, TValue}.MeterFactory"/>
    IMeterFactory? MeterFactory { get; set; }
}
