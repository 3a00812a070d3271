using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.SchemaRegistry;
using KafkaCaching.EntityFrameworkCore.Debezium.Records;
using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Debezium.Streaming;

/// <summary>The change stream in Debezium's topics: read the records that have arrived → write their marks → commit their
/// offsets.</summary>
/// <remarks>The offsets are committed to a consumer group without members. The relay's own election already ensures that only one instance
/// reads.</remarks>
internal sealed class DebeziumSource(
    DebeziumRelayOptions options, KafkaHybridCacheOptions cache, string topic, ChangedTables tables, TimeProvider time) : IChangeSource
{
    private const int MaxRecords = 5_000;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly Regex _pattern = new(
        $"^{Regex.Escape(options.Topics).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    public string Name => options.Topics;

    // The read runs on its own thread, because the consumer blocks.
    public Task RunAsync(ChangeSink sink, CancellationToken stop) => Task.Factory.StartNew(
        () => ReadAsync(sink, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task ReadAsync(ChangeSink sink, CancellationToken stop)
    {
        try
        {
            using var registry = options.SchemaRegistry is null ? null : new CachedSchemaRegistryClient(options.SchemaRegistry);
            IRecordDecoder decoder = registry is null ? new JsonRecordDecoder() : new AvroRecordDecoder(registry);
            using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(Config()).Build();
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var positions = new Positions(consumer, admin, _pattern, AnswerTimeout);
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if (positions.FindNew(time, options.TopicInterval) is { Length: > 0 } added)
                    await BeginAsync(positions, added, sink, stop).ConfigureAwait(false);
                await ReadBatchAsync(consumer, decoder, sink, stop).ConfigureAwait(false);
            }
        }
        catch (KafkaException failed)
        {
            throw new ChangeSourceException(
                $"The topics {options.Topics} can't be read: {failed.Error.Reason} ({failed.Error.Code}).", failed);
        }
    }

    // The position is determined before everything is invalidated, and committed afterwards. So no change is missed: those before the
    // position are covered by the invalidation, and the others are read from the topics.
    private static async Task BeginAsync(Positions positions, TopicPartition[] added, ChangeSink sink, CancellationToken stop)
    {
        var (begun, lost) = positions.Of(added);
        if (lost.Count > 0)
        {
            await sink.ClearAsync("the consumer group has no offset in the topics, or its offset is no longer in the log", stop)
                .ConfigureAwait(false);
            positions.Keep(lost);
        }

        positions.Assign([.. begun, .. lost]);
    }

    private async Task ReadBatchAsync(
        IConsumer<byte[]?, byte[]?> consumer, IRecordDecoder decoder, ChangeSink sink, CancellationToken stop)
    {
        var rows = sink.NewRows();
        var positions = new Dictionary<TopicPartition, Offset>();
        DateTime? oldest = null;
        var records = 0;
        for (var result = consumer.Consume(Turn); result is not null; result = consumer.Consume(TimeSpan.Zero))
        {
            await AddAsync(rows, result, decoder, sink).ConfigureAwait(false);
            positions[result.TopicPartition] = result.Offset + 1;
            oldest ??= result.Message.Timestamp.UtcDateTime;
            if (++records >= MaxRecords)
                break;
        }

        if (positions.Count == 0)
        {
            sink.SetLag(TimeSpan.Zero);
            return;
        }

        await sink.WriteAsync(rows, stop).ConfigureAwait(false);
        consumer.Commit([.. positions.Select(static one => new TopicPartitionOffset(one.Key, one.Value))]);
        if (oldest is { } since)
            sink.SetLag(time.GetUtcNow().UtcDateTime - since);
    }

    private async Task AddAsync(ChangedRows rows, ConsumeResult<byte[]?, byte[]?> result, IRecordDecoder decoder, ChangeSink sink)
    {
        // Debezium writes a tombstone after the record of a deletion.
        if (result.Message.Value is not { } bytes)
            return;
        try
        {
            if (await decoder.DecodeAsync(bytes, isKey: false, result.Topic).ConfigureAwait(false) is not { } value)
                throw new FormatException("it is not a struct");
            var key = result.Message.Key is { } named ? await DecodeKeyAsync(named, result.Topic, decoder).ConfigureAwait(false) : null;
            if (ChangeRecord.Add(rows, key, value, tables, options.TableOf))
                sink.CountChange();
        }
        catch (FormatException strange)
        {
            throw new ChangeSourceException($"The record at {result.TopicPartitionOffset} can't be used: {strange.Message}.", strange);
        }
    }

    // Keys may be written with a different converter, which this decoder can't read.
    private static async Task<IReadOnlyDictionary<string, object?>?> DecodeKeyAsync(byte[] key, string topic, IRecordDecoder decoder)
    {
        try
        {
            return await decoder.DecodeAsync(key, isKey: true, topic).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            // The change is then recorded without the values of the key.
            return null;
        }
    }

    private ConsumerConfig Config()
    {
        var config = new ConsumerConfig((options.Client ?? cache.Client ?? new ClientConfig()).ToDictionary(StringComparer.Ordinal))
        {
            GroupId = $"{topic}.changes.{options.Topics}",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            AutoOffsetReset = AutoOffsetReset.Error,
            IsolationLevel = IsolationLevel.ReadCommitted,
            AllowAutoCreateTopics = false,
        };
        if ((options.BootstrapServers ?? cache.BootstrapServers) is { } servers)
            config.BootstrapServers = servers;
        return config;
    }
}
