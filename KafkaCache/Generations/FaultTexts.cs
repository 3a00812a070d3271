using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Generations;

/// <summary>What a fault says of itself, where it can't quote a record.</summary>
internal static class FaultTexts
{
    public static string Of(Exception fault) => QuotesNothing(fault)
        ? CacheState.MessageOf(fault)
        : $"It ended with {fault.GetType()}, whose text may quote a record and so isn't shown here. The log has it.";

    // The library's and Kafka's own messages hold no payload. What user code threw may, a record error that it made itself too.
    private static bool QuotesNothing(Exception fault) => fault is RecordErrorException error
        ? error.IsOwn
        : SourceErrors.IsOfKafka(fault) || fault.GetType().Assembly == typeof(CacheStatus).Assembly;
}
