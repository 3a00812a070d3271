using Microsoft.Extensions.Logging;

namespace KafkaCaching.Prometheus;

/// <summary>All messages that this package logs. They follow the rules of the core library's log. The event IDs are 500 and 501.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 500, EventName = "MetricUnread", Level = LogLevel.Warning, Message = "An observed KafkaCache metric could not "
        + "be read; it is left out of this scrape")]
    public static partial void MetricUnread(ILogger logger, Exception cause);

    [LoggerMessage(EventId = 501, EventName = "MetricRefused", Level = LogLevel.Warning,
        Message = "The registry of prometheus-net refuses the KafkaCache metric {Name}, a {Type}: it is not exposed")]
    public static partial void MetricRefused(ILogger logger, string name, string type, Exception? cause);
}
