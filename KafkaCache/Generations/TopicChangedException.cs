namespace KafkaCaching;

/// <summary>A wait for a position ended because the log itself has changed (truncated, or the topic made again):
/// the offset waited for no longer means the record it meant.</summary>
public class TopicChangedException : KafkaCacheException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which topic, and what changed.</param>
    public TopicChangedException(string message)
        : base(message)
    {
    }
}
