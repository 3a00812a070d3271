namespace KafkaCaching.Logs;

/// <summary>Reads the log of a topic in order. It is used by one thread, except for members whose description says otherwise.</summary>
public interface ITopicLogReader : IDisposable
{
    /// <summary>Reads the records that are available. If there are none, it waits for a record or for the end of a partition.</summary>
    /// <param name="maxRecords">The maximum number of records to return.</param>
    /// <param name="wait">The longest time to wait.</param>
    /// <returns>The batch that was read; it is empty when the time is up.</returns>
    /// <exception cref="TopicLogException">The log can't be read any further, or can't be read now.</exception>
    LogBatch Read(int maxRecords, TimeSpan wait);

    /// <summary>Makes the current <see cref="Read"/>, or the next one, stop waiting. Any thread may call this, even after the reader has
    /// been disposed of.</summary>
    void Wake();

    /// <summary>Returns the latest high watermark that the reader has seen for a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <returns>The offset, or -1 when it is not known.</returns>
    long HighWatermark(int partition);
}
