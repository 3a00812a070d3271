namespace KafkaCaching.Topics;

/// <summary>The reason why there is no usable answer about a topic.</summary>
internal enum TopicProblem
{
    /// <summary>No broker answered, or the broker can't answer at the moment. Trying again may help.</summary>
    Unavailable,

    /// <summary>The topic does not exist, as far as the brokers know. It may still be created.</summary>
    Missing,

    /// <summary>Trying again does not help. A person must resolve the problem.</summary>
    Refused,
}
