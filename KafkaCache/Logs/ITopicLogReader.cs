namespace KafkaCaching.Logs;

/// <summary>Reads the log of a topic in order. One thread uses it, except for members that say otherwise.</summary>
public interface ITopicLogReader : IDisposable
{
    /// <summary>Reads what is available, and waits for the first record or end of a partition.</summary>
    /// <param name="mostRecords">The most records to return.</param>
    /// <param name="wait">How long to wait.</param>
    /// <returns>The batch that was read; it is empty when the time is up.</returns>
    /// <exception cref="TopicLogException">The log can't be read further, or not now.</exception>
    LogBatch Read(int mostRecords, TimeSpan wait);

    /// <summary>Ends a waiting <see cref="Read"/>, or the next one, early. Any thread may call it, even after the reader has been disposed
    /// of.</summary>
    void Wake();

    /// <summary>The high watermark of a partition as the reader last saw it.</summary>
    /// <param name="partition">The partition.</param>
    /// <returns>The offset, or -1 when it is not known.</returns>
    long HighWatermark(int partition);
}
