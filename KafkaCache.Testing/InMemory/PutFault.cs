namespace KafkaCaching.Testing;

/// <summary>How a put to an <see cref="InMemoryTopic"/> fails.</summary>
public enum PutFault
{
    /// <summary>The put is refused: <see cref="PutOutcome.NotCommitted"/>.</summary>
    Refused,

    /// <summary>The request is lost: <see cref="PutOutcome.Unknown"/>, and the record is not in the log.</summary>
    RequestLost,

    /// <summary>The response is lost: <see cref="PutOutcome.Unknown"/>, although the record is in the log.</summary>
    AnswerLost,
}
