namespace KafkaCaching.Logs;

/// <summary>Thrown by a log that can't answer or can't be read. The cache acts on <see cref="Problem"/>; its status shows the
/// message.</summary>
public sealed class TopicLogException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="problem">What the cache should make of it.</param>
    /// <param name="innerException">The cause.</param>
    public TopicLogException(string message, TopicLogProblem problem, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    /// <summary>What the cache should make of it.</summary>
    public TopicLogProblem Problem { get; }
}
