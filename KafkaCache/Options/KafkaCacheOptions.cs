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

    /// <summary>The brokers to ask first, as a comma-separated list of <c>host:port</c> (Kafka: <c>bootstrap.servers</c>). Required, unless
    /// <see cref="Client"/> sets it.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>The topic: 1 to 249 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; not <c>.</c> or <c>..</c>. Required.</summary>
    public string? Topic { get; set; }

    /// <summary>The name of the cache in metrics and logs. Range: 1 to 249 characters, no control characters. Default: the topic, or the
    /// name given to <c>AddKafkaCache</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Whether puts are refused. With a <see cref="Resolver"/>, the key of a put is the record key, and the resolver decides under
    /// which keys the value is found. Default: <see langword="true"/>.</summary>
    public bool ReadOnly { get; set; } = true;

    // ---- Encodings

    /// <summary>Encodes keys. Two encodings of one key are two keys. Default: a built-in one for string (UTF-8), Guid (36 characters, lower
    /// case), int and long (big-endian) and byte[]; any other type needs a serializer.</summary>
    public ISerializer<TKey>? KeySerializer { get; set; }

    /// <summary>Decodes keys. Default: the same as for <see cref="KeySerializer"/>.</summary>
    public IDeserializer<TKey>? KeyDeserializer { get; set; }

    /// <summary>Encodes values. Default: a built-in one for string, byte[], int and long, as for keys, and JSON for all other
    /// types.</summary>
    public ISerializer<TValue>? ValueSerializer { get; set; }

    /// <summary>Decodes values. Default: the same as for <see cref="ValueSerializer"/>.</summary>
    public IDeserializer<TValue>? ValueDeserializer { get; set; }

    /// <summary>The JSON contract of the values, for source generation. Default: a contract by reflection, with
    /// <see cref="ValueJsonOptions"/>.</summary>
    public JsonTypeInfo<TValue>? ValueJsonTypeInfo { get; set; }

    /// <summary>How values are written and read as JSON. The options are copied at the start, and <c>AllowOutOfOrderMetadataProperties</c>
    /// is added. They can't be combined with <see cref="ValueJsonTypeInfo"/>. Default: <c>JsonSerializerDefaults.Web</c> with enums as
    /// strings, at most 64 levels deep.</summary>
    public JsonSerializerOptions? ValueJsonOptions { get; set; }

    /// <summary>When values are decoded. Default: <see cref="DecodeMode.OnRead"/>.</summary>
    public DecodeMode Decode { get; set; } = DecodeMode.OnRead;

    /// <summary>Whether readers share one decoded instance of a value. Default: <see langword="null"/>, which means on for types that are
    /// declared immutable (string, and sealed classes with <see cref="System.ComponentModel.ImmutableObjectAttribute"/>) and off for all
    /// others.</summary>
    public bool? ReuseInstances { get; set; }

    // ---- Indexes

    /// <summary>Indexes that find entries by terms other than their key. Default: none.</summary>
    public CacheIndexes<TValue> Indexes { get; set; } = new();

    // ---- Records

    /// <summary>Turns a record into entries, in a writable cache also the records of its own puts. Default: none, which means that the
    /// record itself is the entry.</summary>
    public Resolver<TKey, TValue>? Resolver { get; set; }

    /// <summary>Validates a write before it is sent. If it returns <see langword="false"/> or throws, the write is refused as
    /// <see cref="PutOutcome.NotCommitted"/>. Default: none.</summary>
    public Func<TKey, TValue, bool>? ValidatePut { get; set; }

    /// <summary>Validates a record as it is read. Default: none.</summary>
    public RecordValidator? ValidateRecord { get; set; }

    /// <summary>Validates the change of a key as it is read. Caches that started at different times may decide differently: see
    /// <see cref="MutationValidator{TKey, TValue}"/>. Default: none.</summary>
    public MutationValidator<TKey, TValue>? ValidateMutation { get; set; }

    /// <summary>What happens to a record that can't be used. Default: <see cref="RecordErrorPolicy.Fail"/>.</summary>
    public RecordErrorPolicy OnRecordError { get; set; } = RecordErrorPolicy.Fail;

    // ---- Expiry and headers

    /// <summary>How long a record is an entry, counted from its own timestamp, unless its header <c>kafkacache-ttl</c> (milliseconds) sets
    /// another time; see docs/expiry.md. It can't be combined with a <see cref="Resolver"/> or <see cref="ValidateMutation"/>. Range: 1
    /// second to 10,000 days. Default: <see langword="null"/>, which means that entries don't expire.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Whether records with the header <c>kafkacache-ttl</c> expire even if <see cref="TimeToLive"/> is not set. Puts with
    /// <see cref="PutOptions.TimeToLive"/> need one of the two. Default: <see langword="false"/>.</summary>
    public bool ExpireByHeader { get; set; }

    /// <summary>Whether records may expire.</summary>
    internal bool Expires => TimeToLive is not null || ExpireByHeader;

    /// <summary>The names of the record headers that are kept with the entry, for <see cref="CacheEntry{TValue}.Headers"/>. Of several
    /// headers with the same name, the last one is kept. They count as bytes of the entry. They can't be combined with a
    /// <see cref="Resolver"/>. Range: up to 100 names of 1 to 1,000 characters. Default: none.</summary>
    public IReadOnlyList<string> KeepHeaders { get; set; } = [];

    // ---- Reads

    /// <summary>Whether reads are answered before the cache is ready, from the records replayed so far. Default: <see langword="false"/>,
    /// which means that they throw.</summary>
    public bool ReadBeforeReady { get; set; }

    /// <summary>Whether reads are answered while the cache is stale. Default: <see langword="true"/>.</summary>
    public bool ReadWhenStale { get; set; } = true;

    /// <summary>Whether reads are answered after the cache has faulted, from the records applied until then. Default:
    /// <see langword="false"/>, which means that they throw.</summary>
    public bool ReadWhenFaulted { get; set; }

    // ---- Time

    /// <summary>How long <c>WaitUntilReady</c> waits if it is given no timeout. Range: above 0 to 1 day, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Default: 5 minutes.</summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The cache counts as stale when the brokers have not confirmed for this long that the replay keeps up with the end of the
    /// log. Range: 1 second to 1 day. Default: 30 seconds.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a put may take to be acknowledged (Kafka: <c>message.timeout.ms</c>). Range: 100 ms to 1 day. Default: 30
    /// seconds.</summary>
    public TimeSpan PutTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="PutWait.Applied"/> and <c>WaitUntilAppliedAsync</c> wait for the apply. Range: 1 ms to 1 day. Default:
    /// 30 seconds.</summary>
    public TimeSpan ApplyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock. Default: <see cref="TimeProvider.System"/>, or the container's if <c>AddKafkaCache</c> finds one
    /// there.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    // ---- Store

    /// <summary>How the entries are kept.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>Snapshots of the entries on a local disk, for a quicker start.</summary>
    public SnapshotOptions Snapshot { get; set; } = new();

    // ---- Kafka

    /// <summary>A log in place of Kafka's brokers, such as the in-memory topic of <c>KafkaCache.Testing</c>. The other settings for Kafka
    /// then have no effect. Default: <see langword="null"/>, which means Kafka's brokers.</summary>
    public ITopicLog? Log { get; set; }

    /// <summary>Settings for every Kafka client of the cache: SASL, TLS and the like. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>Settings for the consumer, which override those of <see cref="Client"/>. Some settings are the cache's own; setting one of
    /// them is an error. Default: none.</summary>
    public ConsumerConfig? Consumer { get; set; }

    /// <summary>Settings for the producer, which override those of <see cref="Client"/>. Some settings are the cache's own; setting one of
    /// them is an error. Default: none, but <c>linger.ms</c> is 0 and the partitioner is <c>murmur2_random</c>, as in Java.</summary>
    public ProducerConfig? Producer { get; set; }

    /// <summary>Creates the meter. Default: <see langword="null"/>, which means a meter of the process, or the container's factory with
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
