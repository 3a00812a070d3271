using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Clients;
using KafkaCaching.Waiting;

namespace KafkaCaching.Topics;

/// <summary>Sends the queries of all caches that share an admin client to the brokers. One request covers many topics. Each query ends
/// within a limited time, with a result or an error.</summary>
internal sealed class TopicQuestions
{
    // This timeout is long enough for a slow broker, and short enough to report a problem soon.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    // The timeout of the request that finds out to which address an unanswered request was sent. Any broker that is up reports the
    // addresses at once.
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(500);

    // The longest wait for a response, including the request's own timeout. Confluent's client drops a response that it can't process, or
    // that arrives while it is failing. The task for that response never completes.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private static readonly ConditionalWeakTable<SharedAdmin, TopicQuestions> ByAdmin = [];

    private readonly SharedAdmin _admin;
    private readonly ClusterCheck _cluster;
    private readonly Coalescer<string, DescribedTopic> _describes;
    private readonly Coalescer<string, DescribedTopic> _describesByClient;
    private readonly Coalescer<string, TopicSettings> _settings;
    private readonly Coalescer<TimeSpan, ClusterAnswer> _checks;

    private TopicQuestions(SharedAdmin admin)
    {
        _admin = admin;
        _cluster = new ClusterCheck(admin.Client);
        var describer = new TopicDescriber(admin.Client);
        _describes = new(topics => describer.DescribeAsync(topics, RequestTimeout));
        _describesByClient = new(DescribeByClientAsync);
        _settings = new(DescribeSettingsAsync);
        _checks = new(CheckAsync);
        Starts = new OffsetLists(this, OffsetSpec.Earliest(), IsolationLevel.ReadUncommitted);
        StableEnds = new OffsetLists(this, OffsetSpec.Latest(), IsolationLevel.ReadCommitted);
        Ends = new OffsetLists(this, OffsetSpec.Latest(), IsolationLevel.ReadUncommitted);
        IsDescriberAvailable = describer.IsAvailable;
    }

    /// <summary>The start offsets of the logs.</summary>
    public OffsetLists Starts { get; }

    /// <summary>The last stable offsets.</summary>
    public OffsetLists StableEnds { get; }

    /// <summary>The high watermarks.</summary>
    public OffsetLists Ends { get; }

    private bool IsDescriberAvailable { get; }

    public static TopicQuestions Of(SharedAdmin admin) => ByAdmin.GetValue(admin, static one => new TopicQuestions(one));

    public Task<DescribedTopic> DescribeAsync(string topic) => (IsDescriberAvailable ? _describes : _describesByClient).AskAsync(topic);

    /// <summary>Checks whether any broker answers, and which addresses the brokers advertise.</summary>
    public Task<ClusterAnswer> CheckClusterAsync() => _checks.AskAsync(RequestTimeout);

    /// <inheritdoc cref="CheckClusterAsync"/>
    public Task<ClusterAnswer> CheckClusterBrieflyAsync() => _checks.AskAsync(ShortTimeout);

    public Task<TopicSettings> SettingsAsync(string topic) => _settings.AskAsync(topic);

    /// <summary>Sends a request to create a topic.</summary>
    /// <returns>The outcome, which is no error if this request has created the topic.</returns>
    public async Task<Error> CreateAsync(TopicSpecification topic)
    {
        try
        {
            await AskAsync(async admin =>
            {
                await admin.CreateTopicsAsync(
                    [topic], new CreateTopicsOptions { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout })
                    .ConfigureAwait(false);
                return topic;
            }).ConfigureAwait(false);
            return new Error(ErrorCode.NoError);
        }
        catch (CreateTopicsException failed) when (failed.Results is [var report, ..])
        {
            return report.Error;
        }
        catch (KafkaException failed)
        {
            return failed.Error;
        }
    }

    /// <exception cref="KafkaException">The offset of at least one of the partitions could not be listed.</exception>
    public Task<ListOffsetsResult> ListAsync(IEnumerable<TopicPartitionOffsetSpec> partitions, IsolationLevel isolation) => AskAsync(
        admin =>
            admin.ListOffsetsAsync(partitions, new ListOffsetsOptions { RequestTimeout = RequestTimeout, IsolationLevel = isolation }));

    private async Task<T> AskAsync<T>(Func<IAdminClient, Task<T>> request)
    {
        try
        {
            return await _admin.Ask(request).WaitOrAbandonAsync(AnswerTimeout, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new KafkaException(ErrorCode.Local_TimedOut);
        }
    }

    private async Task<DescribedTopic[]> DescribeByClientAsync(IReadOnlyList<string> topics)
    {
        try
        {
            var result = await AskAsync(admin => admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames(topics.Distinct(StringComparer.Ordinal)),
                new DescribeTopicsOptions { RequestTimeout = RequestTimeout })).ConfigureAwait(false);
            return DescribedTopic.Of(result.TopicDescriptions, topics);
        }
        catch (DescribeTopicsException failed) when (failed.Results.TopicDescriptions is { Count: > 0 } descriptions)
        {
            return DescribedTopic.Of(descriptions, topics);
        }
        catch (KafkaException failed)
        {
            return [.. topics.Select(_ => new DescribedTopic(Shape: null, failed.Error))];
        }
    }

    private async Task<TopicSettings[]> DescribeSettingsAsync(IReadOnlyList<string> topics)
    {
        // librdkafka rejects duplicates.
        var resources = topics.Distinct(StringComparer.Ordinal)
            .Select(static topic => new ConfigResource { Type = ResourceType.Topic, Name = topic });
        try
        {
            var results = await AskAsync(admin => admin.DescribeConfigsAsync(
                resources, new DescribeConfigsOptions { RequestTimeout = RequestTimeout })).ConfigureAwait(false);
            return TopicSettings.Of(
                results.Select(static one => new DescribeConfigsReport
                {
                    ConfigResource = one.ConfigResource, Entries = one.Entries, Error = new Error(ErrorCode.NoError),
                }),
                topics);
        }
        catch (DescribeConfigsException some)
        {
            return TopicSettings.Of(some.Results, topics);
        }
        catch (KafkaException failed)
        {
            return [.. topics.Select(_ => TopicSettings.Of(failed.Error))];
        }
    }

    private async Task<ClusterAnswer[]> CheckAsync(IReadOnlyList<TimeSpan> timeouts)
    {
        var answer = await _cluster.AskAsync(timeouts.Max()).ConfigureAwait(false);
        return [.. timeouts.Select(_ => answer)];
    }
}
