namespace KafkaCaching.Topics;

/// <summary>Why there is no good answer about a topic.</summary>
internal enum TopicProblem
{
    /// <summary>No broker answered, or one that can't right now: asking again may help.</summary>
    Unavailable,

    /// <summary>The brokers know no such topic; it may yet be made.</summary>
    Missing,

    /// <summary>Asking again doesn't help; a person must mend it.</summary>
    Refused,
}
