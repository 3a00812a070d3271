using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.Diagnostics;

/// <summary>All log messages of this package. As in the core library's log, they contain no key, tag, SQL or value. The event IDs are 580
/// to 589.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 580, EventName = "EfInvalidationLate", Level = LogLevel.Warning,
        Message =
            "EF cache {Cache}: an invalidation was not written within {Patience}; the response is sent without its position, and the "
            + "write continues in the background")]
    public static partial void InvalidationLate(ILogger logger, string cache, TimeSpan patience);

    [LoggerMessage(EventId = 581, EventName = "EfInvalidationFailed", Level = LogLevel.Warning,
        Message =
            "EF cache {Cache}: an invalidation can't be written. The write is retried; until it succeeds, this process reads the affected "
            + "results from the database, and other processes may serve older results until they expire")]
    public static partial void InvalidationFailed(ILogger logger, Exception cause, string cache);

    [LoggerMessage(EventId = 582, EventName = "EfInvalidationCaughtUp", Level = LogLevel.Information,
        Message = "EF cache {Cache}: all invalidations are now written")]
    public static partial void InvalidationCaughtUp(ILogger logger, string cache);

    [LoggerMessage(EventId = 583, EventName = "EfCommitUnannounced", Level = LogLevel.Warning,
        Message =
            "EF cache {Cache}: a commit could not be announced and proceeds anyway (AroundCommitWhenPossible). If this process dies "
            + "before its invalidation is written, other processes serve older results until they expire")]
    public static partial void OpeningFailed(ILogger logger, Exception cause, string cache);

    [LoggerMessage(EventId = 584, EventName = "EfRelayReads", Level = LogLevel.Information,
        Message = "EF cache {Cache}: this instance reads the changes of {Source}")]
    public static partial void RelayReads(ILogger logger, string cache, string source);

    [LoggerMessage(EventId = 585, EventName = "EfRelayFailed", Level = LogLevel.Warning,
        Message =
            "EF cache {Cache}: the changes of {Source} can't be relayed; the relay tries again every second. Until it succeeds, results "
            + "may be as old as their time to live: {Problem}")]
    public static partial void RelayFailed(ILogger logger, Exception cause, string cache, string source, string problem);

    [LoggerMessage(EventId = 586, EventName = "EfRelayStartedOver", Level = LogLevel.Warning,
        Message = "EF cache {Cache}: all results are invalidated, because changes of {Source} may have been missed: {Why}")]
    public static partial void RelayStartedOver(ILogger logger, string cache, string source, string why);

    [LoggerMessage(EventId = 587, EventName = "EfInvalidationLost", Level = LogLevel.Warning,
        Message =
            "EF cache {Cache}: the cache ended before {Tags} tags were invalidated. Other processes may serve older results until they "
            + "expire")]
    public static partial void InvalidationLost(ILogger logger, string cache, int tags);
}
