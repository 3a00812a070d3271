using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using KafkaCaching.Encodings;
using KafkaCaching.Logs;
using KafkaCaching.Replay.Applying;

namespace KafkaCaching;

/// <summary>Options of a cache. <see cref="KafkaCache.Create"/> validates them and reports all faults at once.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class KafkaCacheOptions<TKey, TValue> : IKafkaCacheDefaults
    where TKey : notnull
{
    // ---- Which topic

    /// <summary>The brokers to connect to first, as a comma-separated list of <c>host:port</c> (Kafka: <c>bootstrap.servers</c>). Required,
    /// unless <see cref="Client"/> sets it.</summary>
    public string? BootstrapServers { get; set; }

    /// <summary>The topic: 1 to 249 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; not <c>.</c> or <c>..</c>. Required.</summary>
    public string? Topic { get; set; }

    /// <summary>The name of the cache in metrics and logs. Range: 1 to 249 characters, no control characters. Default: the topic, or the
    /// name given to <c>AddKafkaCache</c>.</summary>
    public string? Name { get; set; }

    /// <summary>Whether puts are refused. If a <see cref="Resolver"/> is set, the key of a put is the record key, and the resolver decides
    /// under which keys the value is found. Default: <see langword="true"/>.</summary>
    public bool ReadOnly { get; set; } = true;

    // ---- Encodings

    /// <summary>Encodes keys. Each key must have only one encoding, because different bytes are different keys. Default: a built-in
    /// serializer for string (UTF-8), Guid (36 characters, lower case), int and long (big-endian) and byte[]; any other type needs a
    /// serializer.</summary>
    public ISerializer<TKey>? KeySerializer { get; set; }

    /// <summary>Decodes keys. Default: the same as for <see cref="KeySerializer"/>.</summary>
    public IDeserializer<TKey>? KeyDeserializer { get; set; }

    /// <summary>Encodes values. Default: a built-in serializer for string, byte[], int and long, as for keys, and JSON for all other
    /// types.</summary>
    public ISerializer<TValue>? ValueSerializer { get; set; }

    /// <summary>Decodes values. Default: the same as for <see cref="ValueSerializer"/>.</summary>
    public IDeserializer<TValue>? ValueDeserializer { get; set; }

    /// <summary>The JSON contract of the values, for use with source generation. Default: a contract that is created by reflection, with
    /// <see cref="ValueJsonOptions"/>.</summary>
    public JsonTypeInfo<TValue>? ValueJsonTypeInfo { get; set; }

    /// <summary>How values are written and read as JSON. The options are copied at the start, and <c>AllowOutOfOrderMetadataProperties</c>
    /// is set in the copy. They can't be combined with <see cref="ValueJsonTypeInfo"/>. Default: <c>JsonSerializerDefaults.Web</c> with
    /// enums as strings, at most 64 levels deep.</summary>
    public JsonSerializerOptions? ValueJsonOptions { get; set; }

    /// <summary>When values are decoded. Default: <see cref="DecodeMode.OnRead"/>.</summary>
    public DecodeMode Decode { get; set; } = DecodeMode.OnRead;

    /// <summary>Whether readers share one decoded instance of a value. Default: <see langword="null"/>, which means that they do so only
    /// for types that are declared immutable (string, and sealed classes with
    /// <see cref="System.ComponentModel.ImmutableObjectAttribute"/>).</summary>
    public bool? ReuseInstances { get; set; }

    // ---- Indexes

    /// <summary>Indexes that find entries by terms other than their key. Default: none.</summary>
    public CacheIndexes<TValue> Indexes { get; set; } = new();

    // ---- Records

    /// <summary>Turns a record into entries. In a writable cache, this includes the records of the cache's own puts. Default: none, which
    /// means that the record itself is the entry.</summary>
    public Resolver<TKey, TValue>? Resolver { get; set; }

    /// <summary>Validates a write before it is sent. If it returns <see langword="false"/> or throws, the write is refused as
    /// <see cref="PutOutcome.NotCommitted"/>. Default: none.</summary>
    public Func<TKey, TValue, bool>? ValidatePut { get; set; }

    /// <summary>Validates a record when the replay reads it. Default: none.</summary>
    public RecordValidator? ValidateRecord { get; set; }

    /// <summary>Validates the change of a key's value when the replay reads the record. Caches that started at different times may decide
    /// differently: see <see cref="MutationValidator{TKey, TValue}"/>. Default: none.</summary>
    public MutationValidator<TKey, TValue>? ValidateMutation { get; set; }

    /// <summary>What happens to a record that can't be used. Default: <see cref="RecordErrorPolicy.Fail"/>.</summary>
    public RecordErrorPolicy OnRecordError { get; set; } = RecordErrorPolicy.Fail;

    // ---- Expiry and headers

    /// <summary>How long an entry lives, counted from its record's timestamp, unless the record's header <c>kafkacache-ttl</c> (in
    /// milliseconds) sets another time; see docs/expiry.md. It can't be combined with a <see cref="Resolver"/> or
    /// <see cref="ValidateMutation"/>. Range: 1 second to 10,000 days. Default: <see langword="null"/>, which means that entries don't
    /// expire.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Whether records with the header <c>kafkacache-ttl</c> expire even if <see cref="TimeToLive"/> is not set. Puts with
    /// <see cref="PutOptions.TimeToLive"/> require one of the two options. Default: <see langword="false"/>.</summary>
    public bool ExpireByHeader { get; set; }

    /// <summary>Whether records may expire.</summary>
    internal bool Expires => TimeToLive is not null || ExpireByHeader;

    /// <summary>The names of the record headers that are kept with the entry, for <see cref="CacheEntry{TValue}.Headers"/>. If a record has
    /// several headers with the same name, the last one is kept. Headers count as bytes of the entry, which can keep up to 65,535 bytes of
    /// them. This can't be combined with a <see cref="Resolver"/>. Range: up to 100 names of 1 to 1,000 characters. Default:
    /// none.</summary>
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

    /// <summary>How long <c>WaitUntilReady</c> waits if no timeout is passed to it. Range: above 0 to 1 day, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Default: 5 minutes.</summary>
    public TimeSpan ReadyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the brokers may fail to confirm that the replay keeps up with the end of the log before the cache counts as stale.
    /// Range: 1 second to 1 day. Default: 30 seconds.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a put may take to be acknowledged (Kafka: <c>message.timeout.ms</c>). Range: 100 ms to 1 day. Default: 30
    /// seconds.</summary>
    public TimeSpan PutTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long <see cref="PutWait.Applied"/> and <c>WaitUntilAppliedAsync</c> wait until the record is applied. Range: 1 ms to 1
    /// day. Default: 30 seconds.</summary>
    public TimeSpan ApplyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock. Default: with <c>AddKafkaCache</c>, the container's <c>TimeProvider</c> if there is one; otherwise
    /// <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    // ---- Store

    /// <summary>Options of the store that holds the entries.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>Options of the snapshots of the entries on a local disk, which make the start quicker.</summary>
    public SnapshotOptions Snapshot { get; set; } = new();

    // ---- Kafka

    /// <summary>A log to use instead of Kafka's brokers, such as the in-memory topic of <c>KafkaCache.Testing</c>. The other settings for
    /// Kafka then have no effect. Default: <see langword="null"/>, which means Kafka's brokers.</summary>
    public ITopicLog? Log { get; set; }

    /// <summary>Settings for every Kafka client of the cache: SASL, TLS and the like. Default: none.</summary>
    public ClientConfig? Client { get; set; }

    /// <summary>Settings for the consumer, which override those of <see cref="Client"/>. Some settings are reserved for the cache; setting
    /// one of them is an error. Default: none.</summary>
    public ConsumerConfig? Consumer { get; set; }

    /// <summary>Settings for the producer, which override those of <see cref="Client"/>. Some settings are reserved for the cache; setting
    /// one of them is an error. Default: none, but <c>linger.ms</c> is 0 and the partitioner is <c>murmur2_random</c>, as in
    /// Java.</summary>
    public ProducerConfig? Producer { get; set; }

    /// <summary>Creates the meter. Default: <see langword="null"/>, which means the container's factory with <c>AddKafkaCache</c>, and
    /// otherwise a meter of the process.</summary>
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

    /// <summary>Returns the encodings of a cache with these options, for code that itself reads or writes many records of the
    /// topic.</summary>
    /// <returns>The encodings, according to the current options.</returns>
    /// <exception cref="NotSupportedException">JSON can't hold the type of the values.</exception>
    /// <exception cref="InvalidOperationException">The JSON attributes of that type contradict each other.</exception>
    public CacheCodec<TKey, TValue> CreateCodec() => new(
        Codecs.ForKey(KeySerializer, KeyDeserializer, Topic ?? ""),
        Codecs.ForValue(ValueSerializer, ValueDeserializer, ValueJsonTypeInfo, Topic ?? "", ValueJsonOptions));
}
