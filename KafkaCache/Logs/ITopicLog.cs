namespace KafkaCaching.Logs;

/// <summary>The log of a topic that is not on Kafka brokers. A cache whose option <c>Log</c> is set reads this log and writes to it. The
/// in-memory topic of <c>KafkaCache.Testing</c> is one.</summary>
public interface ITopicLog
{
    /// <summary>How long a cache pauses before it asks or reads again, after the log has failed to answer or has changed. A log that delays
    /// its own answers while nothing changes may set it to zero.</summary>
    TimeSpan RetryPause => TimeSpan.FromMilliseconds(100);

    /// <summary>Connects a cache to the log.</summary>
    /// <param name="cache">The name of the cache.</param>
    /// <returns>The cache's own client.</returns>
    ITopicLogClient Connect(string cache);
}
