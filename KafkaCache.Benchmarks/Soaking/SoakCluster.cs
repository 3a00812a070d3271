using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Testing;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The cluster of a run, and the requests that the run itself sends to it. A request is retried for as long as a broker may take
/// to start.</summary>
internal sealed class SoakCluster(RealKafka kafka, int nodes) : IAsyncDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IAdminClient _admin = QuietClients.Admin(kafka.BootstrapServers);

    public RealKafka Kafka { get; } = kafka;

    public int Nodes { get; } = nodes;

    public string BootstrapServers => Kafka.BootstrapServers;

    public static async Task<SoakCluster> StartAsync(int nodes)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["transaction.abort.timed.out.transaction.cleanup.interval.ms"] = "1000",
        };
        return new SoakCluster(await RealKafka.StartAsync(new RealKafkaOptions { Nodes = nodes, Settings = settings }), nodes);
    }

    public async Task CreateTopicAsync(string topic, int partitions, string cleanupPolicy)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cleanup.policy"] = cleanupPolicy,
            ["retention.ms"] = "-1",
            ["segment.ms"] = "20000",
            ["min.cleanable.dirty.ratio"] = "0.3",
        };
        await AskAsync(async () =>
        {
            try
            {
                await _admin.CreateTopicsAsync(
                    [new TopicSpecification { Name = topic, NumPartitions = partitions, Configs = settings }],
                    new CreateTopicsOptions { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout });
            }
            catch (CreateTopicsException exists) when (exists.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                // The topic did not exist before, so an earlier attempt, whose response was lost, has created it.
            }

            return true;
        });
        await UntilAsync(async () => await PartitionsAsync(topic) == partitions, $"topic {topic} has {partitions} partitions");
    }

    public async Task DeleteTopicAsync(string topic)
    {
        await AskAsync(async () =>
        {
            try
            {
                await _admin.DeleteTopicsAsync(
                    [topic], new DeleteTopicsOptions { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout });
            }
            catch (DeleteTopicsException gone) when (gone.Results[0].Error.Code == ErrorCode.UnknownTopicOrPart)
            {
                // An earlier attempt, whose response was lost, has deleted the topic.
            }

            return true;
        });
        await UntilAsync(async () => await PartitionsAsync(topic) == 0, $"topic {topic} is gone");
    }

    public async Task AddPartitionsAsync(string topic, int total)
    {
        await _admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = total }]);
        await UntilAsync(async () => await PartitionsAsync(topic) == total, $"topic {topic} has {total} partitions");
    }

    public Task DeleteRecordsAsync(string topic, int partition, long beforeOffset) => AskAsync(async () =>
    {
        await _admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, partition, beforeOffset)]);
        return true;
    });

    public Task<long[]> LogStartsAsync(string topic, int partitions) => ListAsync(topic, partitions, OffsetSpec.Earliest());

    public Task<long[]> HighWatermarksAsync(string topic, int partitions) => ListAsync(topic, partitions, OffsetSpec.Latest());

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await Kafka.DisposeAsync();
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException(
                    string.Create(CultureInfo.InvariantCulture, $"Not so within {Patience.TotalSeconds:0} s: {what}."));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private Task<long[]> ListAsync(string topic, int partitions, OffsetSpec which) => AskAsync(async () =>
    {
        // The admin client lists offsets with cached leader epochs, and gets new epochs only when the topic is described.
        await PartitionsAsync(topic);
        var asked = Enumerable.Range(0, partitions).Select(
            partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = which });
        var result = await _admin.ListOffsetsAsync(
            asked, new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = IsolationLevel.ReadUncommitted });
        var offsets = new long[partitions];
        foreach (var answer in result.ResultInfos)
            offsets[answer.TopicPartitionOffsetError.Partition.Value] = answer.TopicPartitionOffsetError.Offset.Value;
        return offsets;
    });

    /// <returns>The number of partitions that have a leader; 0 if there is no such topic.</returns>
    private async Task<int> PartitionsAsync(string topic)
    {
        try
        {
            var described = await _admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = RequestTimeout });
            return described.TopicDescriptions[0].Partitions.Count(static partition => partition.Leader is { Id: >= 0 });
        }
        catch (DescribeTopicsException missing) when (missing.Results.TopicDescriptions[0].Error.Code == ErrorCode.UnknownTopicOrPart)
        {
            return 0;
        }
        catch (KafkaException)
        {
            return -1; // The number is unknown at the moment.
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await question();
            }
            catch (KafkaException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }
}
