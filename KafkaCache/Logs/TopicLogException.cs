namespace KafkaCaching.Logs;

/// <summary>Thrown by a log that can't answer or can't be read. The cache acts on <see cref="Problem"/>; its status shows the
/// message.</summary>
public sealed class TopicLogException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="problem">The kind of the problem, on which the cache acts.</param>
    /// <param name="innerException">The cause.</param>
    public TopicLogException(string message, TopicLogProblem problem, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    /// <summary>The kind of the problem, on which the cache acts.</summary>
    public TopicLogProblem Problem { get; }
}
