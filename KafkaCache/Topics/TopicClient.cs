using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace KafkaCaching.Topics;

/// <summary>Asks the brokers about one topic. Never defaults: every partition must answer.</summary>
internal sealed class TopicClient(IAdminClient admin, string topic, string servers, Action onAnswered, TimeProvider time) : ITopic
{
    // Long enough for a slow broker, short enough to say soon what is wrong.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    // Confluent's client drops an answer that it can't read, or that comes while it is in trouble, and its task never ends.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    // Kafka allows 2^63 - 1, which no time span holds.
    private const long MaxRetentionMs = 100L * 365 * 24 * 60 * 60 * 1000;

    private readonly ClusterCheck _cluster = new(admin);
    private readonly TopicDescriber _describer = new(admin);
    private readonly Lock _gate = new();
    private volatile bool _isDoubtful;
    private bool _disposed;

    public async Task<TopicShape> DescribeAsync()
    {
        if (_isDoubtful)
            await CheckClusterAsync().ConfigureAwait(false);
        var shape = _describer.IsAvailable ? await DescribeNativelyAsync().ConfigureAwait(false) : await DescribeByClientAsync().ConfigureAwait(false);
        onAnswered();
        return shape;
    }

    public async Task<LogRange[]> ListRangesAsync(int partitions)
    {
        var starts = ListAsync(partitions, OffsetSpec.Earliest(), IsolationLevel.ReadUncommitted);
        var heads = ListHeadsAsync(partitions);
        await Task.WhenAll(starts, heads).ConfigureAwait(false);
        var ranges = new LogRange[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            var head = (await heads.ConfigureAwait(false))[partition];
            ranges[partition] = new LogRange((await starts.ConfigureAwait(false))[partition], head.LastStableOffset, head.HighWatermark);
        }

        return ranges;
    }

    public async Task<LogHead[]> ListHeadsAsync(int partitions)
    {
        var stable = ListAsync(partitions, OffsetSpec.Latest(), IsolationLevel.ReadCommitted);
        var high = ListAsync(partitions, OffsetSpec.Latest(), IsolationLevel.ReadUncommitted);
        await Task.WhenAll(stable, high).ConfigureAwait(false);
        var heads = new LogHead[partitions];
        for (var partition = 0; partition < partitions; partition++)
            heads[partition] = new LogHead((await stable.ConfigureAwait(false))[partition], (await high.ConfigureAwait(false))[partition]);
        return heads;
    }

    public async Task<TopicPolicy> PolicyAsync()
    {
        try
        {
            var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
            var results = await Ask(
                () => admin.DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = RequestTimeout })).ConfigureAwait(false);
            var settings = results[0].Entries;
            return new TopicPolicy(
                settings.TryGetValue("cleanup.policy", out var cleanup) ? cleanup.Value : null,
                settings.TryGetValue("delete.retention.ms", out var retention) && long.TryParse(retention.Value, CultureInfo.InvariantCulture, out var milliseconds)
                    ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaxRetentionMs))
                    : null);
        }
        catch (KafkaException failed) when (failed.Error.Code == ErrorCode.Local_UnsupportedFeature)
        {
            throw new TopicException($"The brokers at {servers} don't tell the settings of topic '{topic}': {failed.Error.Reason}.", TopicProblem.Refused, failed);
        }
        catch (KafkaException failed)
        {
            throw Problem(failed.Error, failed);
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _disposed = true;
        admin.Dispose();
    }

    private async Task<TopicShape> DescribeNativelyAsync()
    {
        var (shape, problem) = await Ask(() => _describer.DescribeAsync(topic, RequestTimeout)).ConfigureAwait(false);
        return shape ?? throw Problem(problem, cause: null);
    }

    private async Task<TopicShape> DescribeByClientAsync()
    {
        TopicDescription description;
        try
        {
            var result = await Ask(() => admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = RequestTimeout })).ConfigureAwait(false);
            description = result.TopicDescriptions[0];
        }
        catch (DescribeTopicsException failed) when (failed.Results.TopicDescriptions is [var one, ..])
        {
            throw Problem(one.Error, failed);
        }
        catch (KafkaException failed)
        {
            throw Problem(failed.Error, failed);
        }

        return new TopicShape(description.TopicId?.ToString() ?? "", description.Partitions.Count);
    }

    // A question has several requests, and who asked it may have been told to stop and be gone before the last. Confluent's client passes its
    // bare handles to native code: a request that comes while it is disposed of, or after, takes the process down.
    private async Task<T> Ask<T>(Func<Task<T>> request)
    {
        Task<T> answer;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            answer = request();
        }

        try
        {
            return await answer.WaitAsync(AnswerTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw Problem(new Error(ErrorCode.Local_TimedOut), late);
        }
    }

    private async Task CheckClusterAsync()
    {
        var problem = await _cluster.AskAsync(RequestTimeout).ConfigureAwait(false);
        if (problem != ErrorCode.NoError)
            throw Problem(new Error(problem), cause: null);
        _isDoubtful = false;
    }

    private async Task<long[]> ListAsync(int partitions, OffsetSpec spec, IsolationLevel isolation)
    {
        var asked = new List<TopicPartitionOffsetSpec>(partitions);
        for (var partition = 0; partition < partitions; partition++)
            asked.Add(new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = spec });

        List<ListOffsetsResultInfo> answers;
        try
        {
            var result = await Ask(() => admin.ListOffsetsAsync(
                asked, new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = isolation })).ConfigureAwait(false);
            answers = result.ResultInfos;
        }
        catch (ListOffsetsException failed) when (FirstError(failed.Result) is { } error)
        {
            throw Problem(error, failed);
        }
        catch (KafkaException failed)
        {
            throw Problem(failed.Error, failed);
        }

        var offsets = new long[partitions];
        Array.Fill(offsets, -1);
        foreach (var answer in answers)
        {
            var at = answer.TopicPartitionOffsetError;
            if (at.Error.IsError)
                throw Problem(at.Error, cause: null);
            offsets[at.Partition.Value] = at.Offset.Value;
        }

        onAnswered();
        var missing = Array.FindIndex(offsets, static offset => offset < 0);
        return missing < 0
            ? offsets
            : throw new TopicException($"The brokers gave no offset for partition {missing} of topic '{topic}'.", TopicProblem.Unavailable);
    }

    private static Error? FirstError(ListOffsetsReport report) =>
        report.ResultInfos.Find(static info => info.TopicPartitionOffsetError.Error.IsError)?.TopicPartitionOffsetError.Error;

    private TopicException Problem(Error error, Exception? cause)
    {
        var problem = Explain(error, cause);
        _isDoubtful |= problem.Problem == TopicProblem.Unavailable;
        return problem;
    }

    private TopicException Explain(Error error, Exception? cause) => error.Code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicId =>
            new($"The topic '{topic}' does not exist on {servers}. Create it (cleanup.policy=compact) or correct the option Topic.", TopicProblem.Missing, cause),
        ErrorCode.TopicAuthorizationFailed =>
            new($"The brokers at {servers} refuse access to topic '{topic}': its user needs the ACLs Describe and Read on it.", TopicProblem.Refused, cause),
        ErrorCode.ClusterAuthorizationFailed or ErrorCode.TopicException =>
            new($"The brokers at {servers} refuse to describe topic '{topic}': {error.Reason}.", TopicProblem.Refused, cause),
        _ => new($"The brokers at {servers} gave no answer about topic '{topic}': {error.Reason}. Are they up, and is BootstrapServers right?", TopicProblem.Unavailable, cause),
    };
}
