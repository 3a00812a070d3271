using KafkaCaching.Logs;

namespace KafkaCaching.Topics;

/// <summary>Queries a log that is not on Kafka brokers about its topic. Its description contains everything, so the offsets are taken from
/// the latest description, which was requested just before.</summary>
internal sealed class LogTopic(ITopicLogClient client, string topic) : ITopic
{
    private volatile TopicLogDescription? _latest;

    public async Task<TopicShape> DescribeAsync()
    {
        try
        {
            var described = _latest = await client.DescribeAsync().ConfigureAwait(false);
            return new TopicShape(described.TopicId, described.Partitions.Count);
        }
        catch (TopicLogException failed)
        {
            throw new TopicException(failed.Message, ProblemOf(failed.Problem), failed);
        }
    }

    public Task<LogRange[]> ListRangesAsync(int partitions) => ListAsync(partitions, static range => range);

    public Task<LogEnd[]> ListEndsAsync(int partitions) =>
        ListAsync(partitions, static range => new LogEnd(range.LastStableOffset, range.HighWatermark));

    public async Task<TopicPolicy> PolicyAsync()
    {
        var described = await LatestAsync().ConfigureAwait(false);
        return new TopicPolicy(described.CleanupPolicy, described.DeleteRetention);
    }

    public void Dispose() => client.Dispose();

    private async Task<T[]> ListAsync<T>(int partitions, Func<LogRange, T> select)
    {
        var described = await LatestAsync().ConfigureAwait(false);
        return described.Partitions.Count >= partitions
            ? [.. described.Partitions.Take(partitions).Select(select)]
            : throw new TopicException(
                $"The log of topic '{topic}' describes {described.Partitions.Count} partitions, although it had {partitions} before.",
                TopicProblem.Unavailable);
    }

    private async Task<TopicLogDescription> LatestAsync()
    {
        if (_latest is null)
            await DescribeAsync().ConfigureAwait(false);
        return _latest!;
    }

    private static TopicProblem ProblemOf(TopicLogProblem problem) => problem switch
    {
        TopicLogProblem.Missing => TopicProblem.Missing,
        TopicLogProblem.Refused => TopicProblem.Refused,
        _ => TopicProblem.Unavailable,
    };
}
