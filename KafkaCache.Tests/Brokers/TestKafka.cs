using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;

namespace KafkaCaching.Tests.Brokers;

/// <summary>Operations of tests on a cluster. All except <see cref="ProduceAsync"/>, transactions and reads need a real Kafka.</summary>
public sealed class TestKafka(string bootstrapServers) : IDisposable
{
    private static readonly TimeSpan AdminTimeout = TimeSpan.FromSeconds(30);

    // After nodes have been killed, electing a leader may take long.
    private static readonly TimeSpan LeaderTimeout = TimeSpan.FromSeconds(90);

    // The timeout of a single attempt.
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    private readonly Lazy<IProducer<byte[]?, byte[]?>> _producer = new(() => QuietClients.Producer(bootstrapServers));
    private readonly Lazy<IAdminClient> _admin = new(() => QuietClients.Admin(bootstrapServers));

    public string BootstrapServers { get; } = bootstrapServers;

    public IAdminClient Admin => _admin.Value;

    public static string UniqueTopic(string prefix = "test") => $"{prefix}-{Guid.NewGuid():N}";

    /// <summary>Creates a compacted topic with a unique name, and waits until its leaders are known.</summary>
    public async Task<string> CreateTopicAsync(int partitions = 1, params (string Key, string Value)[] configuration)
    {
        var topic = UniqueTopic();
        await CreateTopicAsync(topic, partitions, configuration);
        return topic;
    }

    public async Task CreateTopicAsync(string topic, int partitions = 1, params (string Key, string Value)[] configuration)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["cleanup.policy"] = "compact" };
        foreach ((var key, var value) in configuration)
            settings[key] = value;
        await Admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = partitions, Configs = settings }],
            new CreateTopicsOptions { RequestTimeout = AdminTimeout, OperationTimeout = AdminTimeout });
        await Eventually.TrueAsync(async () => await LeadersAsync(topic) == partitions, $"topic {topic} has leaders");
    }

    public async Task DeleteTopicAsync(string topic)
    {
        await Admin.DeleteTopicsAsync([topic], new DeleteTopicsOptions { RequestTimeout = AdminTimeout, OperationTimeout = AdminTimeout });
        await Eventually.TrueAsync(async () => await LeadersAsync(topic) == 0, $"topic {topic} is gone");
    }

    public async Task AddPartitionsAsync(string topic, int total)
    {
        await Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = total }]);
        await Eventually.TrueAsync(async () => await LeadersAsync(topic) == total, $"topic {topic} has {total} partitions");

        // Makes the producer refresh its metadata. Otherwise it would refuse the new partitions for several minutes.
        using IAdminClient producersOwn = new DependentAdminClientBuilder(_producer.Value.Handle).Build();
        await Task.Run(() => producersOwn.GetMetadata(topic, AdminTimeout));
    }

    public Task DeleteRecordsAsync(string topic, int partition, long beforeOffset) =>
        Admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, partition, beforeOffset)]);

    /// <summary>Produces records in order, and waits until all are acknowledged.</summary>
    public async Task<IReadOnlyList<DeliveryResult<byte[]?, byte[]?>>> ProduceAsync(string topic, params IEnumerable<TestRecord> records)
    {
        var written = await Task.WhenAll(records.Select(record => Send(_producer.Value, topic, record)).ToList());
        Assert.All(written, static one => Assert.InRange(one.Offset.Value, 0, long.MaxValue));
        return written;
    }

    public Task<IReadOnlyList<DeliveryResult<byte[]?, byte[]?>>> ProduceAsync(string topic, string key, string? value) =>
        ProduceAsync(topic, TestRecord.Of(key, value));

    /// <summary>Produces records in a transaction, which remains open unless the test ends it.</summary>
    public async Task<TestTransaction> BeginTransactionAsync(string topic, params IEnumerable<TestRecord> records)
    {
        IProducer<byte[]?, byte[]?> producer = QuietClients.Producer(BootstrapServers, transactionalId: $"tests-{Guid.NewGuid():N}");
        try
        {
            await Task.Run(() => producer.InitTransactions(AdminTimeout));
            producer.BeginTransaction();
            await Task.WhenAll(records.Select(record => Send(producer, topic, record)).ToList());
            return new TestTransaction(producer);
        }
        catch
        {
            producer.Dispose();
            throw;
        }
    }

    public async Task<long> LogStartOffsetAsync(string topic, int partition) =>
        await ListOffsetAsync(topic, partition, OffsetSpec.Earliest());

    /// <summary>The high watermark.</summary>
    public async Task<long> EndOffsetAsync(string topic, int partition) => await ListOffsetAsync(topic, partition, OffsetSpec.Latest());

    /// <summary>Reads every committed record from the log start to the end, one partition after the other.</summary>
    public async Task<IReadOnlyList<ConsumeResult<byte[]?, byte[]?>>> ReadAllAsync(string topic, int partitions = 1)
    {
        var assignment = new List<TopicPartitionOffset>();
        for (var partition = 0; partition < partitions; partition++)
            assignment.Add(new TopicPartitionOffset(topic, partition, await LogStartOffsetAsync(topic, partition)));
        return await Task.Run(() => ReadToEnds(assignment));
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
            _producer.Value.Dispose();
        if (_admin.IsValueCreated)
            _admin.Value.Dispose();
    }

    private static Task<DeliveryResult<byte[]?, byte[]?>> Send(IProducer<byte[]?, byte[]?> producer, string topic, TestRecord record) =>
        producer.ProduceAsync(
            new TopicPartition(topic, record.Partition ?? Partition.Any),
            new Message<byte[]?, byte[]?>
            {
                Key = record.Key,
                Value = record.Value,
                Headers = record.Headers,
                Timestamp = record.Timestamp is { } timestamp ? new Timestamp(timestamp) : Timestamp.Default,
            });

    private List<ConsumeResult<byte[]?, byte[]?>> ReadToEnds(List<TopicPartitionOffset> assignment)
    {
        using IConsumer<byte[]?, byte[]?> consumer = QuietClients.Consumer(BootstrapServers);
        consumer.Assign(assignment);
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        var open = assignment.Count;
        while (open > 0)
        {
            ConsumeResult<byte[]?, byte[]?> result = consumer.Consume(AdminTimeout)
                ?? throw new TimeoutException(
                    $"{open} partitions have not come to their end after {AdminTimeout.TotalSeconds} s without a record.");
            if (result.IsPartitionEOF)
                open--;
            else
                records.Add(result);
        }

        return [.. records.OrderBy(static record => record.Partition.Value)];
    }

    private static bool IsLeaderChange(ErrorCode code) =>
        code is ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch or ErrorCode.NotLeaderForPartition
            or ErrorCode.LeaderNotAvailable;

    private async Task<long> ListOffsetAsync(string topic, int partition, OffsetSpec which)
    {
        long offset = -1;
        await Eventually.TrueAsync(
            async () =>
            {
                (offset, var isStale) = await TryListOffsetAsync(topic, partition, which);

                // The client uses a cached topic ID and leader epoch until the topic is described.
                if (isStale)
                    await LeadersAsync(topic);
                return offset >= 0;
            },
            $"the leader of {topic} [{partition}] tells its offsets",
            LeaderTimeout);
        return offset;
    }

    private async Task<(long Offset, bool IsStale)> TryListOffsetAsync(string topic, int partition, OffsetSpec which)
    {
        try
        {
            ListOffsetsResult result = await Admin.ListOffsetsAsync(
                [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = which }],
                new ListOffsetsOptions { RequestTimeout = AskTimeout, IsolationLevel = IsolationLevel.ReadUncommitted });

            // If the broker leaves the partition out of its response, for example because the topic was replaced, the offset is unset
            // without an error.
            var offset = result.ResultInfos[0].TopicPartitionOffsetError.Offset.Value;
            return (offset, IsStale: offset < 0);
        }
        catch (ListOffsetsException moved) when (IsLeaderChange(moved.Result.ResultInfos[0].TopicPartitionOffsetError.Error.Code))
        {
            return (-1, IsStale: true);
        }
        catch (KafkaException election) when (
            election is not ListOffsetsException && (IsLeaderChange(election.Error.Code) || election.Error.IsLocalError))
        {
            // The client does not know a leader yet.
            return (-1, IsStale: false);
        }
    }

    /// <returns>The number of partitions that have a leader: 0 if the topic is missing, <see langword="null"/> if the brokers don't
    /// answer.</returns>
    private async Task<int?> LeadersAsync(string topic)
    {
        try
        {
            DescribeTopicsResult described = await Admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = AskTimeout });
            return described.TopicDescriptions[0].Partitions.Count(static partition => partition.Leader is { Id: >= 0 });
        }
        catch (DescribeTopicsException missing) when (missing.Results.TopicDescriptions[0].Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return 0;
        }
        catch (KafkaException unanswered) when (unanswered is not DescribeTopicsException && unanswered.Error.IsLocalError)
        {
            return null;
        }
    }
}
