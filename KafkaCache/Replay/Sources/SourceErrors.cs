using Confluent.Kafka;

namespace KafkaCaching.Replay.Sources;

/// <summary>Maps each consumer error to the action that it requires.</summary>
internal static class SourceErrors
{
    /// <summary>Whether the Kafka client threw the exception.</summary>
    public static bool IsOfKafka(Exception exception) => exception is KafkaException;

    public static SourceErrorAction Classify(Error error) => error.Code switch
    {
        // This error occurs although the consumer only assigns partitions and joins no group.
        ErrorCode.GroupAuthorizationFailed => SourceErrorAction.Ignore,

        // With auto.offset.reset=error, this means that the position is out of the log's range, or that the log was truncated.
        ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange => SourceErrorAction.Rebuild,

        // The CRC, the codec or the format version is invalid. After an invalid CRC, the client interprets bytes in the middle of the
        // damaged batch as the next batch, and may continue after records that it never delivered. After an unknown version, it skips a
        // record (observed with librdkafka 2.15.1).
        ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.Local_NotImplemented => SourceErrorAction.Refetch,

        ErrorCode.TopicAuthorizationFailed => SourceErrorAction.Fault,

        ErrorCode.Local_Fatal => SourceErrorAction.Reopen,
        _ => error.IsFatal ? SourceErrorAction.Reopen : SourceErrorAction.Wait,
    };
}
