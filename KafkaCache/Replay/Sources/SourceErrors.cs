using Confluent.Kafka;

namespace KafkaCaching.Replay.Sources;

/// <summary>The table of consumer errors.</summary>
internal static class SourceErrors
{
    /// <summary>Whether Kafka's own client threw it.</summary>
    public static bool IsOfKafka(Exception exception) => exception is KafkaException;

    public static SourceErrorAction Classify(Error error) => error.Code switch
    {
        // Comes although the consumer only assigns and joins no group.
        ErrorCode.GroupAuthorizationFailed => SourceErrorAction.Ignore,

        // auto.offset.reset=error: the position is out of the log's range. Truncation arrives so too.
        ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange => SourceErrorAction.Rebuild,

        // A broken CRC, codec or format version. After a broken CRC the client takes what stands in the midst of the damaged batch for the
        // next one, and may go on behind records that it never delivered; after an unknown version it skips a record (seen with librdkafka
        // 2.15.1).
        ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.Local_NotImplemented => SourceErrorAction.Refetch,

        ErrorCode.TopicAuthorizationFailed => SourceErrorAction.Fault,

        ErrorCode.Local_Fatal => SourceErrorAction.Reopen,
        _ => error.IsFatal ? SourceErrorAction.Reopen : SourceErrorAction.Wait,
    };
}
