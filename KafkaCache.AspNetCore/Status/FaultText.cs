using Confluent.Kafka;

namespace KafkaCaching.AspNetCore.Status;

/// <summary>What a fault says of itself, where it can't quote a record.</summary>
internal static class FaultText
{
    public static string Of(Exception fault) => QuotesNothing(fault)
        ? fault.Message
        : $"It ended with {fault.GetType()}, whose text may quote a record and so isn't shown here. The log has it.";

    // The library's and Kafka's own messages hold no payload. What user code threw may, a record error that it made itself too.
    private static bool QuotesNothing(Exception fault) => fault switch
    {
        RecordErrorException error => error.IsOwn,
        KafkaException => true,
        _ => fault.GetType().Assembly == typeof(CacheStatus).Assembly,
    };
}
