namespace KafkaCaching;

/// <summary>Thrown by a wait for a position when the log itself has changed (it was truncated, or the topic was recreated), so that the
/// offset no longer denotes the same record.</summary>
public class TopicChangedException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The message. It names the topic and says what has changed.</param>
    public TopicChangedException(string message)
        : base(message)
    {
    }
}
