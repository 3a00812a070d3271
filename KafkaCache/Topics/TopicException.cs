namespace KafkaCaching.Topics;

/// <summary>Thrown when the brokers give no usable answer about the topic.</summary>
internal sealed class TopicException(
    string message, TopicProblem problem, Exception? innerException = null) : Exception(message, innerException)
{
    public TopicProblem Problem { get; } = problem;
}
