using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Generations;

/// <summary>Describes a fault without quoting a record.</summary>
internal static class FaultTexts
{
    public static string Of(Exception fault) => QuotesNothing(fault)
        ? CacheState.MessageOf(fault)
        : $"The cause is {fault.GetType()}, whose message is not shown here because it may quote a record. The log contains it.";

    // The messages of the library's and of Kafka's exceptions contain no payload. The message of an exception from user code may contain
    // some, even if the exception is a RecordErrorException.
    private static bool QuotesNothing(Exception fault) => fault is RecordErrorException error
        ? error.IsOwn
        : SourceErrors.IsOfKafka(fault) || fault.GetType().Assembly == typeof(CacheStatus).Assembly;
}
