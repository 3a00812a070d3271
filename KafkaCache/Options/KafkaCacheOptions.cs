using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using KafkaCaching.Encodings;
using KafkaCaching.Logs;

namespace KafkaCaching;

/// <summary>What a cache caches and how. <see cref="KafkaCache.Create"/> validates the options and reports all faults at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class KafkaCacheOptions<TKey, TValue> : IKafkaCacheDefaults
    where TKey : notnull
{
    // ---- Which topic

    /// <summary>The brokers to ask first, as <c>host:port</c> with commas between (Kafka: <c>bootstrap.servers</c>). Required, here or in
    /// <see cref="Client"/>.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>The topic: 1 to 249 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; not <c>.</c> or <c>..</c>. Required.</summary>
    public string? Topic { get; set; }

    /// <summary>The name of the cache in metrics and logs. Range: 1 to 249 characters, no control characters. Default: the topic, or the
    /// name given to <c>AddKafkaCache</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Whether puts are refused. With a <see cref="Resolver"/>, the key of a put is that of the record, and the resolver decides
    /// under which keys it is found. Default: <see langword="true"/>.</summary>
    public bool ReadOnly { get; set; } = true;

    // ---- Encodings

    /// <summary>Encodes keys. Two encodings of one key are two keys. Default: built in for string (UTF-8), Guid (36 characters, lower
    /// case), int and long (big-endian) and byte[]; any other type needs one.</summary>
    public ISerializer<TKey>? KeySerializer { get; set; }

    /// <summary>Decodes keys. Default: as <see cref="KeySerializer"/>.</summary>
    public IDeserializer<TKey>? KeyDeserializer { get; set; }

    /// <summary>Encodes values. Default: built in for string, byte[], int and long as for keys, and JSON for the rest.</summary>
    public ISerializer<TValue>? ValueSerializer { get; set; }

    /// <summary>Decodes values. Default: as <see cref="ValueSerializer"/>.</summary>
    public IDeserializer<TValue>? ValueDeserializer { get; set; }

    /// <summary>The JSON contract of the values, for source generation. Default: by reflection, as <see cref="ValueJsonOptions"/>
    /// say.</summary>
    public JsonTypeInfo<TValue>? ValueJsonTypeInfo { get; set; }

    /// <summary>How values are written as JSON and read; copied at the start, and with <c>AllowOutOfOrderMetadataProperties</c>. Not
    /// together with <see cref="ValueJsonTypeInfo"/>. Default: <c>JsonSerializerDefaults.Web</c> with enums as strings, at most 64 levels
    /// deep.</summary>
    public JsonSerializerOptions? ValueJsonOptions { get; set; }

    /// <summary>When values are decoded. Default: <see cref="DecodeMode.OnRead"/>.</summary>
    public DecodeMode Decode { get; set; } = DecodeMode.OnRead;

    /// <summary>Whether readers share one decoded instance of a value. Default: <see langword="null"/>, on for types that say they are
    /// immutable (string, and sealed classes with <see cref="System.ComponentModel.ImmutableObjectAttribute"/>), off otherwise.</summary>
    public bool? ReuseInstances { get; set; }

    // ---- Questions

    /// <summary>What entries are found by in addition to their key. Default: none.</summary>
    public CacheIndexes<TValue> Indexes { get; set; } = new();

    // ---- Records

    /// <summary>Turns a record into entries; in a writable cache, those of its own puts too. Default: none, the record itself is the
    /// entry.</summary>
    public Resolver<TKey, TValue>? Resolver { get; set; }

    /// <summary>Judges a write before it is sent: <see langword="false"/>, or throwing, refuses it as
    /// <see cref="PutOutcome.NotCommitted"/>. Default: none.</summary>
    public Func<TKey, TValue, bool>? ValidatePut { get; set; }

    /// <summary>Judges a record as it is read. Default: none.</summary>
    public RecordValidator? ValidateRecord { get; set; }

    /// <summary>Judges the change of a key as it is read. Caches that began at different times may judge differently: see
    /// <see cref="MutationValidator{TKey, TValue}"/>. Default: none.</summary>
    public MutationValidator<TKey, TValue>? ValidateMutation { get; set; }

    /// <summary>What becomes of a record that can't be used. Default: <see cref="RecordErrorPolicy.Fail"/>.</summary>
    public RecordErrorPolicy OnRecordError { get; set; } = RecordErrorPolicy.Fail;

    // ---- Expiry and headers

    /// <summary>How long after its own timestamp a record is an entry, unless its header <c>kafkacache-ttl</c> (milliseconds) says
    /// otherwise; see docs/expiry.md. Not with a <see cref="Resolver"/> or <see cref="ValidateMutation"/>. Range: 1 second to 10,000 days.
    /// Default: <see langword="null"/>, entries don't expire.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Whether records with the header <c>kafkacache-ttl</c> expire although <see cref="TimeToLive"/> is not set. Puts with
    /// <see cref="PutOptions.TimeToLive"/> need one of the two. Default: <see langword="false"/>.</summary>
    public bool ExpireByHeader { get; set; }

    /// <summary>Whether records may expire.</summary>
    internal bool Expires => TimeToLive is not null || ExpireByHeader;

    /// <summary>The names of the record headers that are kept with the entry, for <see cref="CacheEntry{TValue}.Headers"/>; of several
    /// headers with one name, the last. They count as bytes of the entry. Not with a <see cref="Resolver"/>. Range: up to 100 names of 1 to
    /// 1,000 characters. Default: none.</summary>
    public IReadOnlyList<string> KeepHeaders { get; set; } = [];

    // ---- Reads

    /// <summary>Whether reads are answered before the cache is ready, from what is replayed so far. Default: <see langword="false"/>, they
    /// throw.</summary>
    public bool ReadBeforeReady { get; set; }

    /// <summary>Whether reads are answered while the cache is stale. Default: <see langword="true"/>.</summary>
    public bool ReadWhenStale { get; set; } = true;

    /// <summary>Whether reads are answered after the cache has faulted, from what was applied until then. Default: <see langword="false"/>,
    /// they throw.</summary>
    public bool ReadWhenFaulted { get; set; }

    // ---- Time

    /// <summary>How long <c>WaitUntilReady</c> waits unless told. Range: above 0 to 1 day, or <see cref="Timeout.InfiniteTimeSpan"/>.
    /// Default: 5 minutes.</summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>After how long without the brokers' word that the replay keeps up with the head of the log the cache counts as stale.
    /// Range: 1 second to 1 day. Default: 30 seconds.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a put may take to be acknowledged (Kafka: <c>message.timeout.ms</c>). Range: 100 ms to 1 day. Default: 30
    /// seconds.</summary>
    public TimeSpan PutTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="PutWait.Applied"/> and <c>WaitUntilAppliedAsync</c> wait for the apply. Range: 1 ms to 1 day. Default:
    /// 30 seconds.</summary>
    public TimeSpan ApplyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>, or the container's where <c>AddKafkaCache</c> finds one.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    // ---- Store

    /// <summary>How the entries are kept.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>Snapshots of the entries on a local disk, for a quicker start.</summary>
    public SnapshotOptions Snapshot { get; set; } = new();

    // ---- Kafka

    /// <summary>A log in place of Kafka's brokers, such as the in-memory topic of <c>KafkaCache.Testing</c>. The other settings for Kafka
    /// then have no effect. Default: <see langword="null"/>, the brokers.</summary>
    public ITopicLog? Log { get; set; }

    /// <summary>Settings for every client that the cache makes: SASL, TLS and the like. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>Settings for the consumer, over <see cref="Client"/>. Some are the cache's own: setting one is an error. Default:
    /// none.</summary>
    public ConsumerConfig? Consumer { get; set; }

    /// <summary>Settings for the producer, over <see cref="Client"/>. Some are the cache's own: setting one is an error. Default: none, but
    /// <c>linger.ms</c> is 0 and the partitioner <c>murmur2_random</c>, Java's default.</summary>
    public ProducerConfig? Producer { get; set; }

    /// <summary>Makes the meter. Default: <see langword="null"/>, a meter of the process, or the container's factory under
    /// <c>AddKafkaCache</c>.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>Encodes a key as a cache with these options does, for tools and tests that write to the topic themselves.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The bytes of the key. For <c>byte[]</c> this is the key itself.</returns>
    public byte[] EncodeKey(TKey key) => Codecs.ForKey(KeySerializer, KeyDeserializer, Topic ?? "").Encode(key);

    /// <summary>Encodes a value as a cache with these options does.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The bytes of the value. For <c>byte[]</c> this is the value itself.</returns>
    public byte[] EncodeValue(TValue value) =>
        Codecs.ForValue(ValueSerializer, ValueDeserializer, ValueJsonTypeInfo, Topic ?? "", ValueJsonOptions).Encode(value);

    /// <summary>The encodings of a cache with these options, for code that reads or writes many records of the topic itself.</summary>
    /// <returns>The encodings, as the options are now.</returns>
    /// <exception cref="NotSupportedException">JSON can't hold the type of the values.</exception>
    /// <exception cref="InvalidOperationException">The JSON attributes of that type contradict each other.</exception>
    public CacheCodec<TKey, TValue> CreateCodec() => new(
        Codecs.ForKey(KeySerializer, KeyDeserializer, Topic ?? ""),
        Codecs.ForValue(ValueSerializer, ValueDeserializer, ValueJsonTypeInfo, Topic ?? "", ValueJsonOptions));
}
