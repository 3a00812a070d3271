using KafkaCaching.Logs;
using KafkaCaching.Tests.Histories.Model;
using KafkaCaching.Topics;

namespace KafkaCaching.Tests.Histories.InMemory;

internal enum BrokerTrouble
{
    None,
    NoAnswer,
    NoOffsets,
    NoPolicy,
}

/// <summary>The brokers' responses to one cache.</summary>
internal sealed class ModelTopicClient(ModelKafka kafka, TimeSpan deleteRetention, TimeProvider time) : ITopic
{
    private int _policyQuestions;

    public int PoliciesTold { get; private set; }

    public BrokerTrouble Trouble { get; set; }

    /// <summary>The time of the last response with offsets.</summary>
    public TimeSpan HeadsGiven { get; private set; }

    /// <summary>The last listed offsets, and their topic.</summary>
    public (ModelTopic Topic, LogRange[] Ranges)? LastListed { get; private set; }

    /// <summary>Called with the topic that a response describes.</summary>
    public Action<ModelTopic>? Described { get; init; }

    public Action<ModelTopic, LogRange[]>? RangesListed { get; init; }

    public Task<TopicShape> DescribeAsync()
    {
        if (Trouble == BrokerTrouble.NoAnswer)
            return Task.FromException<TopicShape>(Unavailable());
        if (kafka.Topic is not { } topic)
            return Task.FromException<TopicShape>(Missing());
        Described?.Invoke(topic);
        return Task.FromResult(new TopicShape(topic.Id, topic.Partitions.Count));
    }

    public Task<LogRange[]> ListRangesAsync(int partitions) => List(
        partitions,
        static log => new LogRange(log.LogStart, log.LastStableOffset, log.HighWatermark),
        (topic, ranges) =>
        {
            LastListed = (topic, ranges);
            RangesListed?.Invoke(topic, ranges);
        });

    public Task<LogEnd[]> ListEndsAsync(int partitions) =>
        List(partitions, static log => new LogEnd(log.LastStableOffset, log.HighWatermark), static (_, _) => { });

    public Task<TopicPolicy> PolicyAsync()
    {
        // The policy is requested rarely, so a fault would hardly ever affect it. Therefore, the first request always fails.
        if (Trouble != BrokerTrouble.None || _policyQuestions++ == 0)
            return Task.FromException<TopicPolicy>(Unavailable());
        PoliciesTold++;
        return Task.FromResult(new TopicPolicy("compact", deleteRetention));
    }

    public void Dispose()
    {
    }

    private static TopicException Unavailable() => new("The brokers of the history give no answer.", TopicProblem.Unavailable);

    private static TopicException Missing() => new("The topic of the history does not exist.", TopicProblem.Missing);

    private Task<T[]> List<T>(int partitions, Func<ModelPartition, T> tell, Action<ModelTopic, T[]> listed)
    {
        if (Trouble is BrokerTrouble.NoAnswer or BrokerTrouble.NoOffsets)
            return Task.FromException<T[]>(Unavailable());
        if (kafka.Topic is not { } topic || topic.Partitions.Count < partitions)
            return Task.FromException<T[]>(Missing());
        var all = topic.Partitions.Take(partitions).Select(tell).ToArray();
        HeadsGiven = time.GetElapsedTime(0);
        Described?.Invoke(topic);
        listed(topic, all);
        return Task.FromResult(all);
    }
}
