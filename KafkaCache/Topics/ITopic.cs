namespace KafkaCaching.Topics;

/// <summary>What the brokers say about one topic. Every question ends by itself, with an answer or a
/// <see cref="TopicException"/>.</summary>
internal interface ITopic : IDisposable
{
    Task<TopicShape> DescribeAsync();

    /// <summary>Log start, last stable offset and high watermark of every partition.</summary>
    Task<LogRange[]> ListRangesAsync(int partitions);

    /// <summary>Last stable offset and high watermark of every partition.</summary>
    Task<LogEnd[]> ListEndsAsync(int partitions);

    Task<TopicPolicy> PolicyAsync();
}
