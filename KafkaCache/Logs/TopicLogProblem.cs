namespace KafkaCaching.Logs;

/// <summary>The reason why a log can't answer or can't be read.</summary>
public enum TopicLogProblem
{
    /// <summary>The log does not answer now. The cache tries again, and becomes stale if that takes too long.</summary>
    Unavailable,

    /// <summary>There is no such topic. The cache waits for it.</summary>
    Missing,

    /// <summary>Only a person can resolve the problem. The cache faults.</summary>
    Refused,

    /// <summary>The log no longer holds the records that were read from it, or those to be read next, because it was truncated or the topic
    /// was recreated. The cache replays the log from the start.</summary>
    LogChanged,

    /// <summary>The reader is unusable. The cache opens another one at the positions that it has reached.</summary>
    ReaderBroken,
}
