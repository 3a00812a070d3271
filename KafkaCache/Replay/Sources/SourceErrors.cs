using Confluent.Kafka;

namespace KafkaCaching.Replay.Sources;

/// <summary>The table of consumer errors.</summary>
internal static class SourceErrors
{
    public static SourceErrorAction Classify(Error error) => error.Code switch
    {
        // Comes although the consumer only assigns and joins no group.
        ErrorCode.GroupAuthorizationFailed => SourceErrorAction.Ignore,

        // auto.offset.reset=error: the position is out of the log's range. Truncation arrives so too.
        ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange => SourceErrorAction.Rebuild,

        // A broken CRC or codec: the client refetches the offset and never settles it.
        ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression => SourceErrorAction.FaultIfRepeated,

        ErrorCode.TopicAuthorizationFailed => SourceErrorAction.Fault,

        ErrorCode.Local_Fatal => SourceErrorAction.Reopen,
        _ => error.IsFatal ? SourceErrorAction.Reopen : SourceErrorAction.Wait,
    };
}
