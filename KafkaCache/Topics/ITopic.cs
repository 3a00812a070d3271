using KafkaCaching.Logs;

namespace KafkaCaching.Topics;

/// <summary>Queries the brokers about one topic. Every query ends within a limited time, with a result or a
/// <see cref="TopicException"/>.</summary>
internal interface ITopic : IDisposable
{
    Task<TopicShape> DescribeAsync();

    /// <summary>Lists the log start offset, the last stable offset and the high watermark of every partition.</summary>
    Task<LogRange[]> ListRangesAsync(int partitions);

    /// <summary>Lists the last stable offset and the high watermark of every partition.</summary>
    Task<LogEnd[]> ListEndsAsync(int partitions);

    Task<TopicPolicy> PolicyAsync();
}
