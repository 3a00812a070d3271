using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid.Diagnostics;

/// <summary>All messages that this package logs. As in the core library's log, they contain no key, tag or value. The event IDs are 520 to
/// 529.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 520, EventName = "HybridValueUndecodable", Level = LogLevel.Warning,
        Message = "Hybrid cache {Cache}: the entry at {Position} can't be deserialized as {Type}; it counts as a miss")]
    public static partial void ValueUndecodable(ILogger logger, Exception cause, string cache, string position, string type);

    [LoggerMessage(EventId = 521, EventName = "HybridValueNotStored", Level = LogLevel.Warning,
        Message = "Hybrid cache {Cache}: a value of {Type} was returned but not stored: {Reason}")]
    public static partial void ValueNotStored(ILogger logger, Exception? cause, string cache, string type, string reason);

    [LoggerMessage(EventId = 522, EventName = "HybridPutFailed", Level = LogLevel.Warning,
        Message = "Hybrid cache {Cache}: {Failed} fills could not be written since the last such line; the values were returned")]
    public static partial void PutFailed(ILogger logger, Exception cause, string cache, long failed);

    [LoggerMessage(EventId = 523, EventName = "HybridKeyRefused", Level = LogLevel.Warning,
        Message = "Hybrid cache {Cache}: a key {Fault}; the value is loaded and not cached")]
    public static partial void KeyRefused(ILogger logger, string cache, string fault);

    [LoggerMessage(EventId = 525, EventName = "HybridTopicUnanswered", Level = LogLevel.Warning,
        Message =
            "Hybrid cache {Cache}: its topic could not be checked yet. Until the brokers answer, nothing is cached, and every value is "
            + "read from its source. The check is repeated. The problem: {Problem}")]
    public static partial void TopicUnanswered(ILogger logger, string cache, string problem);

    [LoggerMessage(EventId = 526, EventName = "HybridTopicUnfit", Level = LogLevel.Error, Message = "Hybrid cache {Cache}: {Problem}")]
    public static partial void TopicUnfit(ILogger logger, string cache, string problem);

    [LoggerMessage(EventId = 527, EventName = "HybridListenerThrew", Level = LogLevel.Warning,
        Message = "Hybrid cache {Cache}: code that listens to spans threw. This is logged once and does not affect the caches")]
    public static partial void ListenerThrew(ILogger logger, Exception cause, string cache);

    [LoggerMessage(EventId = 528, EventName = "HybridDeadWriterEnded", Level = LogLevel.Warning,
        Message =
            "Hybrid cache {Cache}: a process that had {Tags} tags open has given no sign of life for {Lease}. The tags have been "
            + "invalidated")]
    public static partial void DeadWriterEnded(ILogger logger, string cache, int tags, TimeSpan lease);

    [LoggerMessage(EventId = 529, EventName = "HybridDeadWriterNotEnded", Level = LogLevel.Warning,
        Message =
            "Hybrid cache {Cache}: the tags that a dead process had open can't be invalidated. The invalidation is tried again; until "
            + "it succeeds, entries with these tags are read from their source")]
    public static partial void DeadWriterNotEnded(ILogger logger, Exception cause, string cache);

    [LoggerMessage(EventId = 524, EventName = "HybridStaleServed", Level = LogLevel.Warning,
        Message = "Hybrid cache {Cache}: a factory failed, and an expired entry was returned in place of its result (StaleIfError)")]
    public static partial void StaleServed(ILogger logger, Exception cause, string cache);
}
