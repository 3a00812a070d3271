namespace KafkaCaching;

/// <summary>A wait for a position ended because the log itself has changed (it was truncated, or the topic was recreated). The offset that
/// was waited for no longer denotes the same record.</summary>
public class TopicChangedException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message, which names the topic and says what has changed.</param>
    public TopicChangedException(string message)
        : base(message)
    {
    }
}
