namespace KafkaCaching.Topics;

/// <summary>The reason for which there is no usable answer about a topic.</summary>
internal enum TopicProblem
{
    /// <summary>No broker answered, or the broker can't give an answer right now. Asking again may help.</summary>
    Unavailable,

    /// <summary>The brokers know no such topic. It may still be created.</summary>
    Missing,

    /// <summary>Asking again does not help. A person must resolve the problem.</summary>
    Refused,
}
