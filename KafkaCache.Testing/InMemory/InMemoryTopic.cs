using KafkaCaching.Logs;
using KafkaCaching.Testing.InMemory;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Testing;

/// <summary>A compacted topic in memory, for tests of code that uses caches. The caches are real, and only the brokers are replaced, so a
/// test takes milliseconds. The topic can simulate failures of brokers: it can lose records, be recreated, refuse puts or stop
/// responding.</summary>
/// <remarks>All members are safe to call from any thread. Tests that need Kafka's own protocol (transactions, quotas, security, several
/// brokers) can use <see cref="EmbeddedBroker"/> or <see cref="RealKafka"/>.</remarks>
/// <example>
/// <code>
/// var topic = new InMemoryTopic();
/// await using var users = topic.CreateCache&lt;Guid, User&gt;();
/// topic.Produce(id, user);
/// await topic.SettleAsync();
/// </code>
/// </example>
public sealed class InMemoryTopic : ITopicLog
{
    private readonly MemoryBroker _broker;
    private int _created;

    /// <summary>Creates a topic.</summary>
    /// <param name="partitions">The number of partitions, at least 1.</param>
    /// <param name="time">The clock of the topic, and of the caches that it creates. Default: the system's. With a fake clock, a test can
    /// let minutes pass at once.</param>
    /// <param name="name">The name of the topic.</param>
    public InMemoryTopic(int partitions = 1, TimeProvider? time = null, string name = "in-memory")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _broker = new MemoryBroker(name, time ?? TimeProvider.System);
        Create(partitions);
    }

    /// <summary>The name of the topic.</summary>
    public string Name => _broker.Name;

    /// <summary>The clock of the topic.</summary>
    public TimeProvider Time => _broker.Time;

    /// <summary>The records in the log, by partition and in the order of their offsets.</summary>
    public IReadOnlyList<LogRecord> Records =>
        _broker.Change<IReadOnlyList<LogRecord>>(
            () => [.. _broker.Log?.Partitions.SelectMany(static partition => partition.Records) ?? []]);

    internal TimeSpan SettlePatience
    {
        set => _broker.SettlePatience = value;
    }

    TimeSpan ITopicLog.RetryPause => TimeSpan.Zero;

    /// <summary>Creates a cache of this topic. The test must dispose of the cache. It is writable unless the options make it
    /// read-only.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <typeparam name="TValue">The type of the values.</typeparam>
    /// <param name="configure">Sets more options.</param>
    /// <param name="loggerFactory">Creates the cache's loggers. Default: none.</param>
    /// <returns>The cache. It is ready after <see cref="SettleAsync"/>.</returns>
    public KafkaCache<TKey, TValue> CreateCache<TKey, TValue>(
        Action<KafkaCacheOptions<TKey, TValue>>? configure = null, ILoggerFactory? loggerFactory = null)
        where TKey : notnull
    {
        var options = new KafkaCacheOptions<TKey, TValue>
        {
            Topic = Name, Log = this, ReadOnly = false, TimeProvider = Time, Store = { MemoryBudget = 64L << 20 },
        };
        configure?.Invoke(options);
        return KafkaCache.Create(options, loggerFactory);
    }

    /// <summary>Waits until every cache of this topic is idle: it has applied every record that it can read, and ended all waits for those
    /// records. Changes that only the passage of time causes, such as <see cref="CachePhase.Stale"/>, happen after the clock has moved. To
    /// wait for such changes, use <see cref="KafkaCacheWaitExtensions.WaitForAsync"/>.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when all caches have settled.</returns>
    /// <exception cref="TimeoutException">A cache has not settled within 10 seconds. The message describes what the cache is
    /// doing.</exception>
    public Task SettleAsync(CancellationToken cancellationToken = default) => _broker.SettleAsync(cancellationToken);

    /// <summary>Writes a record in the built-in encodings, as another service would.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <typeparam name="TValue">The type of the value.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="partition">The partition. Default: the one that Kafka's producers choose for the key.</param>
    /// <param name="timestamp">The timestamp. Default: now, by the topic's clock.</param>
    /// <returns>The position of the record.</returns>
    public CachePosition Produce<TKey, TValue>(TKey key, TValue value, int? partition = null, DateTimeOffset? timestamp = null)
        where TKey : notnull =>
        ProduceBytes(Options<TKey, TValue>().EncodeKey(key), Options<TKey, TValue>().EncodeValue(value), partition, timestamp);

    /// <summary>Writes a tombstone, as another service would.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="partition">The partition. Default: the one that Kafka's producers choose for the key.</param>
    /// <param name="timestamp">The timestamp. Default: now, by the topic's clock.</param>
    /// <returns>The position of the tombstone.</returns>
    public CachePosition Remove<TKey>(TKey key, int? partition = null, DateTimeOffset? timestamp = null)
        where TKey : notnull =>
        ProduceBytes(Options<TKey, byte[]>().EncodeKey(key), value: null, partition, timestamp);

    /// <summary>Writes a record as bytes, for example in the application's own encoding, or to test a record that can't be
    /// decoded.</summary>
    /// <param name="key">The bytes of the key; <see langword="null"/> for a record without a key.</param>
    /// <param name="value">The bytes of the value; <see langword="null"/> for a tombstone.</param>
    /// <param name="partition">The partition. Default: the one that Kafka's producers choose for the key.</param>
    /// <param name="timestamp">The timestamp. Default: now, by the topic's clock.</param>
    /// <param name="headers">The headers. Default: none.</param>
    /// <returns>The position of the record.</returns>
    public CachePosition ProduceBytes(
        byte[]? key, byte[]? value, int? partition = null, DateTimeOffset? timestamp = null,
        IReadOnlyList<KeyValuePair<string, byte[]?>>? headers = null) =>
        _broker.Change(() => _broker.Append_NeedsLock(key, value, headers ?? [], partition, timestamp).Position);

    /// <summary>Removes every record for which there is a later record with the same key, as Kafka's log cleaner does.</summary>
    /// <param name="removeTombstones">Whether tombstones are removed too, as Kafka does when they are older than
    /// <c>delete.retention.ms</c>.</param>
    public void Compact(bool removeTombstones = false) => Change(() =>
    {
        foreach (var partition in Log.Partitions)
            partition.Compact(removeTombstones);
    });

    /// <summary>Moves a partition's log start forward, as Kafka's retention and its DeleteRecords do. A cache that has not read up to that
    /// offset starts over.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="beforeOffset">The new log start, at most the end of the log.</param>
    public void DeleteRecords(int partition, long beforeOffset) => Change(() =>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(beforeOffset, Log.Partitions[partition].End);
        Log.Partitions[partition].DeleteBefore(beforeOffset);
    });

    /// <summary>Removes the records from an offset on, as an unclean leader election does. A cache that has read them starts
    /// over.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="fromOffset">The new end of the log.</param>
    public void Truncate(int partition, long fromOffset) => Change(() =>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromOffset, Log.Partitions[partition].End);
        Log.Partitions[partition].Truncate(fromOffset);
        foreach (var reader in _broker.Readers_NeedsLock)
            reader.Cut_NeedsLock(partition, fromOffset);
    });

    /// <summary>Adds partitions. A cache notices them when it next checks the topic: every 5 seconds of its clock, or a third of
    /// <c>StaleAfter</c> if that is less.</summary>
    /// <param name="total">The new number of partitions, at least as many as before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The topic has more partitions; Kafka can't remove any.</exception>
    public void AddPartitions(int total) => Change(() =>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, Log.Partitions.Count);
        Log.Grow(total);
    });

    /// <summary>Deletes the topic and its records.</summary>
    public void Delete() => Change(() => _broker.Log = null);

    /// <summary>Creates the topic that was deleted, empty and with another topic ID.</summary>
    /// <param name="partitions">The number of partitions.</param>
    /// <exception cref="InvalidOperationException">The topic exists.</exception>
    public void Create(int partitions = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        Change(() => _broker.Log = _broker.Log is null
            ? new MemoryLog($"{Name}-{++_created}", partitions)
            : throw new InvalidOperationException($"The topic '{Name}' exists already."));
    }

    /// <summary>Deletes the topic and creates it again, empty and with another topic ID.</summary>
    /// <param name="partitions">The number of partitions, at least 1. Default: as many as before.</param>
    public void Recreate(int? partitions = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions ?? 1, 1, nameof(partitions));
        Change(() => _broker.Log = new MemoryLog($"{Name}-{++_created}", partitions ?? Log.Partitions.Count));
    }

    /// <summary>Stops the delivery of records to the caches. The topic still answers their metadata requests.</summary>
    public void Stall() => Change(() => _broker.IsStalled = true);

    /// <summary>Ends the effect of <see cref="Stall"/>.</summary>
    public void Resume() => Change(() => _broker.IsStalled = false);

    /// <summary>Simulates unreachable brokers: no request is answered, no record is read, and puts wait.</summary>
    public void Disconnect() => Change(() => _broker.IsCutOff = true);

    /// <summary>Ends the effect of <see cref="Disconnect"/>. Puts that are still waiting are written.</summary>
    public void Reconnect() => Change(() =>
    {
        _broker.IsCutOff = false;
        _broker.TakeHeldPuts_NeedsLock();
    });

    /// <summary>Makes every cache's reader unusable, so that the cache opens another one.</summary>
    public void BreakReaders() => Change(() =>
    {
        foreach (var reader in _broker.Readers_NeedsLock)
            reader.Break_NeedsLock();
    });

    /// <summary>Makes the next puts of caches fail.</summary>
    /// <param name="fault">How the puts fail.</param>
    /// <param name="count">The number of puts that fail, after those that earlier calls have requested; 0 cancels the failures that earlier
    /// calls have requested. Range: from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public void FailPuts(PutFault fault = PutFault.Refused, int count = 1) => _broker.FailPuts(fault, count);

    ITopicLogClient ITopicLog.Connect(string cache) => _broker.Connect(cache);

    private MemoryLog Log => _broker.Log ?? throw new InvalidOperationException($"The topic '{Name}' does not exist: it was deleted.");

    private KafkaCacheOptions<TKey, TValue> Options<TKey, TValue>()
        where TKey : notnull => new() { Topic = Name };

    private void Change(Action change) => _broker.Change(() =>
    {
        change();
        return true;
    });
}
