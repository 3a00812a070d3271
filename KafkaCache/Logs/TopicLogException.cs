namespace KafkaCaching.Logs;

/// <summary>Thrown by a log that can't answer or can't be read. <see cref="Problem"/> determines how the cache reacts; the cache's status
/// shows the message.</summary>
public sealed class TopicLogException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="problem">The kind of the problem, which determines how the cache reacts.</param>
    /// <param name="innerException">The cause.</param>
    public TopicLogException(string message, TopicLogProblem problem, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    /// <summary>The kind of the problem, which determines how the cache reacts.</summary>
    public TopicLogProblem Problem { get; }
}
