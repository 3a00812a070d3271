namespace KafkaCaching.Topics;

/// <summary>The brokers gave no good answer about the topic.</summary>
internal sealed class TopicException(
    string message, TopicProblem problem, Exception? innerException = null) : Exception(message, innerException)
{
    public TopicProblem Problem { get; } = problem;
}
