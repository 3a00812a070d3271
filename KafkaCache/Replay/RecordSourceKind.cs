using System.Text.Json.Serialization;

namespace KafkaCaching;

/// <summary>The way in which a cache receives the records of its topic.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordSourceKind>))]
public enum RecordSourceKind
{
    /// <summary>No consumer is open yet.</summary>
    None,

    /// <summary>The records come in batches, directly from librdkafka's queue.</summary>
    Batches,

    /// <summary>The records come one at a time through the consumer's <c>Consume</c>, which is slower. This is used if librdkafka's queue
    /// is not accessible. The reason is logged.</summary>
    Consume,

    /// <summary>The records come from the log that the option <c>Log</c> sets, and not from Kafka.</summary>
    Log,
}
