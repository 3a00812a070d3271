namespace KafkaCaching.Topics;

/// <summary>The brokers gave no usable answer about the topic.</summary>
internal sealed class TopicException(
    string message, TopicProblem problem, Exception? innerException = null) : Exception(message, innerException)
{
    public TopicProblem Problem { get; } = problem;
}
