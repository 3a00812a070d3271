using Microsoft.Extensions.Logging;

namespace KafkaCaching.AspNetCore;

/// <summary>All messages that this package logs. They follow the rules of the core library's log. The event IDs are 502 to 507.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 502, EventName = "PositionsLeftOut", Level = LogLevel.Warning,
        Message = "A request wrote to {Positions} partitions, but its response names only the first {MaxPositions}: a reader that waits "
            + "for those may miss writes to the other partitions")]
    public static partial void PositionsLeftOut(ILogger logger, int positions, int maxPositions);

    [LoggerMessage(EventId = 503, EventName = "StatusPageHidden", Level = LogLevel.Information,
        Message = "The KafkaCache status page answers with 404: outside Development, it is shown only after "
            + "MapKafkaCacheStatus(...).RequireAuthorization(...), or .AllowAnonymous() for everybody")]
    public static partial void StatusPageHidden(ILogger logger);

    [LoggerMessage(EventId = 504, EventName = "RequestFailed", Level = LogLevel.Warning,
        Message = "A request was answered with {Status}: {Reason}")]
    public static partial void RequestFailed(ILogger logger, int status, string reason);

    [LoggerMessage(EventId = 505, EventName = "OutputNotStored", Level = LogLevel.Warning,
        Message = "A response is not stored in the hybrid cache {Cache}: {Reason}")]
    public static partial void OutputNotStored(ILogger logger, string cache, string reason);

    [LoggerMessage(EventId = 506, EventName = "TagCleared", Level = LogLevel.Information,
        Message = "A tag of the hybrid cache {Cache} was cleared on the status page")]
    public static partial void TagCleared(ILogger logger, string cache);

    [LoggerMessage(EventId = 507, EventName = "SnapshotsHidden", Level = LogLevel.Information,
        Message = "Snapshots are answered with 404: they are sent only after MapKafkaCacheSnapshot(...).RequireAuthorization(...), or "
            + ".AllowAnonymous() if the network alone controls access")]
    public static partial void SnapshotsHidden(ILogger logger);
}
