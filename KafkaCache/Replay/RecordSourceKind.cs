namespace KafkaCaching;

/// <summary>How the records of a topic come to a cache.</summary>
public enum RecordSourceKind
{
    /// <summary>Not at all yet: no consumer is open.</summary>
    None,

    /// <summary>In batches, straight from librdkafka's queue.</summary>
    Batches,

    /// <summary>One at a time by the consumer's <c>Consume</c>, more slowly: librdkafka's queue can't be reached, for the reason that the
    /// log tells.</summary>
    Consume,
}
