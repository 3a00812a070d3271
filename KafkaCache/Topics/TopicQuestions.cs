using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using KafkaCaching.Clients;
using KafkaCaching.Waiting;

namespace KafkaCaching.Topics;

/// <summary>What the caches that share an admin client ask the brokers, many topics with one request. Each question ends by itself, with an
/// answer or an error.</summary>
internal sealed class TopicQuestions
{
    // Long enough for a slow broker, short enough to say soon what is wrong.
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    // Only to learn who was meant by a question that was not answered: any broker that is up says so at once.
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(500);

    // Confluent's client drops an answer that it can't read, or that comes while it is in trouble, and its task never ends.
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private static readonly ConditionalWeakTable<SharedAdmin, TopicQuestions> ByAdmin = [];

    private readonly SharedAdmin _admin;
    private readonly ClusterCheck _cluster;
    private readonly Coalescer<string, DescribedTopic> _describes;
    private readonly Coalescer<string, DescribedTopic> _describesByClient;
    private readonly Coalescer<TimeSpan, ClusterAnswer> _checks;

    private TopicQuestions(SharedAdmin admin)
    {
        _admin = admin;
        _cluster = new ClusterCheck(admin.Client);
        var describer = new TopicDescriber(admin.Client);
        _describes = new(topics => describer.DescribeAsync(topics, RequestTimeout));
        _describesByClient = new(DescribeByClientAsync);
        _checks = new(CheckAsync);
        Starts = new OffsetLists(this, OffsetSpec.Earliest(), IsolationLevel.ReadUncommitted);
        StableEnds = new OffsetLists(this, OffsetSpec.Latest(), IsolationLevel.ReadCommitted);
        Ends = new OffsetLists(this, OffsetSpec.Latest(), IsolationLevel.ReadUncommitted);
        IsDescriberAvailable = describer.IsAvailable;
    }

    /// <summary>Where the logs begin.</summary>
    public OffsetLists Starts { get; }

    /// <summary>The last stable offsets.</summary>
    public OffsetLists StableEnds { get; }

    /// <summary>The high watermarks.</summary>
    public OffsetLists Ends { get; }

    private bool IsDescriberAvailable { get; }

    public static TopicQuestions Of(SharedAdmin admin) => ByAdmin.GetValue(admin, static one => new TopicQuestions(one));

    public Task<DescribedTopic> DescribeAsync(string topic) => (IsDescriberAvailable ? _describes : _describesByClient).AskAsync(topic);

    /// <summary>Whether any broker answers, and how the brokers name each other.</summary>
    public Task<ClusterAnswer> CheckClusterAsync() => _checks.AskAsync(RequestTimeout);

    /// <inheritdoc cref="CheckClusterAsync"/>
    public Task<ClusterAnswer> CheckClusterBrieflyAsync() => _checks.AskAsync(ShortTimeout);

    /// <exception cref="KafkaException">The brokers don't say.</exception>
    public async Task<DescribeConfigsResult> SettingsAsync(string topic)
    {
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var results = await AskAsync(
            admin =>
                admin.DescribeConfigsAsync(
                    [resource], new DescribeConfigsOptions { RequestTimeout = RequestTimeout })).ConfigureAwait(false);
        return results[0];
    }

    /// <exception cref="KafkaException">The brokers don't say, for one of the partitions at least.</exception>
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

    private async Task<ClusterAnswer[]> CheckAsync(IReadOnlyList<TimeSpan> timeouts)
    {
        var answer = await _cluster.AskAsync(timeouts.Max()).ConfigureAwait(false);
        return [.. timeouts.Select(_ => answer)];
    }
}
