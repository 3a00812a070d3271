using Confluent.Kafka;

namespace KafkaCaching.Leadership;

/// <summary>Classifies the errors that the client reports during a transaction.</summary>
internal static class TransactionErrors
{
    /// <summary>Whether the brokers refuse the producer because a later one has the same ID.</summary>
    public static bool IsFence(Error error) => error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced
        or ErrorCode.InvalidProducerEpoch;

    /// <summary>Whether the same call may be repeated.</summary>
    public static bool IsRetriable(KafkaException failure) =>
        failure is KafkaRetriableException || failure.Error.Code == ErrorCode.Local_TimedOut;

    public static FencedException Fenced(string id, Exception cause) => new(
        $"The writer '{id}' is fenced: another one with its ID has taken over, or a transaction took longer than TransactionTimeout. "
        + "Nothing of this write is visible. Give up the task: the writer that has taken over performs it now.",
        cause);

    public static PutException NotCreated(string id, string reason) => new(
        $"The Kafka client of the writer '{id}' can't be created, so earlier writers are not fenced: {reason}.", PutOutcome.NotCommitted);

    public static PutException NotFenced(string id, Error error, string? lastProblem, Exception cause) => new(
        $"The brokers have not fenced earlier writers with the ID '{id}': {error.Reason} ({error.Code}). {Mend(id, error) ?? lastProblem}",
        PutOutcome.NotCommitted, innerException: cause);

    public static PutException NotCommitted(string id, Error error, Exception cause) => new(
        $"The transaction of the writer '{id}' was aborted, so nothing of it is visible: {error.Reason} ({error.Code}). "
        + Mend(id, error),
        PutOutcome.NotCommitted, innerException: cause)
    {
        Refusal = error.Code == ErrorCode.MsgSizeTooLarge ? PutRefusal.Size : null,
    };

    public static PutException Unknown(string id, string reason, Exception? cause) => new(
        $"The brokers have not confirmed whether the transaction of the writer '{id}' was committed: {reason}. Create a new writer, "
        + "which settles the transaction, and read what the topic contains.",
        PutOutcome.Unknown, innerException: cause);

    private static string? Mend(string id, Error error) => error.Code switch
    {
        ErrorCode.TransactionalIdAuthorizationFailed =>
            $"Give the client's user the ACLs Describe and Write on the transactional ID '{id}'.",
        ErrorCode.TopicAuthorizationFailed => "Give the client's user the ACL Write on the topic.",
        _ => null,
    };
}
