using Microsoft.Extensions.Logging;

namespace KafkaCaching.Diagnostics;

/// <summary>Every line that the library logs. Event IDs are stable; units stand in the names; no key, no value, no secret.
/// 1xx the life of a cache, 2xx replay, 3xx puts, 4xx Kafka clients.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 400, EventName = "KafkaClient", Message = "Kafka client {Client}: {Text}")]
    public static partial void KafkaClient(ILogger logger, LogLevel level, string client, string text);

    [LoggerMessage(EventId = 401, EventName = "KafkaClientRepeats", Message = "Kafka client {Client}: {Repeats} more within {WindowSeconds} s of: {Text}")]
    public static partial void KafkaClientRepeats(ILogger logger, LogLevel level, string client, int repeats, int windowSeconds, string text);
}
