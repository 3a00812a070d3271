namespace KafkaCaching.Logs;

/// <summary>The log of a topic that is not on Kafka brokers, such as the in-memory topic of <c>KafkaCache.Testing</c>. A cache whose option
/// <c>Log</c> is set reads this log and writes to it.</summary>
public interface ITopicLog
{
    /// <summary>How long a cache pauses before it queries or reads the log again, after the log has failed to answer or has changed. A log
    /// that delays its own responses while nothing changes may return zero.</summary>
    TimeSpan RetryPause => TimeSpan.FromMilliseconds(100);

    /// <summary>Connects a cache to the log.</summary>
    /// <param name="cache">The name of the cache.</param>
    /// <returns>A client for this cache.</returns>
    ITopicLogClient Connect(string cache);
}
