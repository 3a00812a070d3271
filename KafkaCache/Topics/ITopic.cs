using KafkaCaching.Logs;

namespace KafkaCaching.Topics;

/// <summary>The brokers' answers about one topic. Every question ends by itself, with an answer or a
/// <see cref="TopicException"/>.</summary>
internal interface ITopic : IDisposable
{
    Task<TopicShape> DescribeAsync();

    /// <summary>Lists the log start, the last stable offset and the high watermark of every partition.</summary>
    Task<LogRange[]> ListRangesAsync(int partitions);

    /// <summary>Lists the last stable offset and the high watermark of every partition.</summary>
    Task<LogEnd[]> ListEndsAsync(int partitions);

    Task<TopicPolicy> PolicyAsync();
}
