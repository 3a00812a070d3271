using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs.Diagnostics;

/// <summary>All log messages of this package. As in the core library's log, none of them contains a key or a value. The event IDs are 54x
/// for refreshed caches and 56x for jobs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 540, EventName = "SnapshotServed", Level = LogLevel.Debug,
        Message = "Refreshed cache {Cache} serves version {Version} with {Rows} rows")]
    public static partial void SnapshotServed(ILogger logger, string cache, long version, long rows);

    [LoggerMessage(EventId = 541, EventName = "Refreshed", Level = LogLevel.Information,
        Message = "Refreshed cache {Cache}: version {Version} is published with {Rows} rows: {Added} added, {Changed} changed, {Removed} "
            + "removed, {WrittenBytes} bytes written. The fetch took {FetchMs:F0} ms")]
    public static partial void Refreshed(
        ILogger logger, string cache, long version, long rows, long added, long changed, long removed, long writtenBytes, double fetchMs);

    [LoggerMessage(EventId = 542, EventName = "RefreshFailed", Level = LogLevel.Warning,
        Message = "Refreshed cache {Cache}: the refresh failed, and the old version stays: {Reason}")]
    public static partial void RefreshFailed(ILogger logger, Exception cause, string cache, string reason);

    [LoggerMessage(EventId = 543, EventName = "FetchRetried", Level = LogLevel.Information,
        Message = "Refreshed cache {Cache}: attempt {Attempt} of the fetch failed; the next one begins in {DelayMs:F0} ms: {Reason}")]
    public static partial void FetchRetried(ILogger logger, string cache, int attempt, double delayMs, string reason);

    [LoggerMessage(EventId = 544, EventName = "SnapshotUndecodable", Level = LogLevel.Warning,
        Message = "Refreshed cache {Cache}: version {Version} has a row that can't be decoded, and the old version stays: {Reason}")]
    public static partial void SnapshotUndecodable(ILogger logger, string cache, long version, string reason);

    [LoggerMessage(EventId = 545, EventName = "SnapshotUnread", Level = LogLevel.Warning,
        Message = "Refreshed cache {Cache}: its topic could not be read, or a version could not be built. The old version stays, and "
            + "the topic is read again")]
    public static partial void SnapshotUnread(ILogger logger, Exception cause, string cache);

    [LoggerMessage(EventId = 546, EventName = "RefreshLedElsewhere", Level = LogLevel.Warning,
        Message = "Refreshed cache {Cache}: this instance has stopped refreshing, and tries again when it leads: {Reason}")]
    public static partial void RefresherStopped(ILogger logger, Exception cause, string cache, string reason);

    [LoggerMessage(EventId = 547, EventName = "JobsTopicUnanswered", Level = LogLevel.Warning,
        Message =
            "{Name}: its topic could not be checked yet. Until the brokers answer, nothing is read from it, refreshed or run here. They "
            + "are asked again. The problem: {Problem}")]
    public static partial void TopicUnanswered(ILogger logger, string name, string problem);

    [LoggerMessage(EventId = 548, EventName = "JobsTopicUnfit", Level = LogLevel.Error, Message = "{Name}: {Problem}")]
    public static partial void TopicUnfit(ILogger logger, string name, string problem);

    [LoggerMessage(EventId = 560, EventName = "JobStarted", Level = LogLevel.Information, Message = "Job {Job}: run {Run} begins")]
    public static partial void JobStarted(ILogger logger, string job, string run);

    [LoggerMessage(EventId = 561, EventName = "JobEnded", Level = LogLevel.Information,
        Message = "Job {Job}: run {Run} has ended: {End}{Error}")]
    public static partial void JobEnded(ILogger logger, string job, string run, Running.RunEnd end, string error);

    [LoggerMessage(EventId = 562, EventName = "JobThrew", Level = LogLevel.Error, Message = "Job {Job} has failed")]
    public static partial void JobThrew(ILogger logger, Exception cause, string job);

    [LoggerMessage(EventId = 563, EventName = "JobEndNotRecorded", Level = LogLevel.Warning,
        Message = "Job {Job}: the end of run {Run} could not be written, so it counts as unfinished")]
    public static partial void JobEndNotRecorded(ILogger logger, Exception cause, string job, string run);

    [LoggerMessage(EventId = 564, EventName = "JobNotRun", Level = LogLevel.Warning,
        Message = "Job {Job} could not be run here, and is tried again: {Reason}")]
    public static partial void JobNotRun(ILogger logger, Exception cause, string job, string reason);

    [LoggerMessage(EventId = 565, EventName = "JobHasNoTime", Level = LogLevel.Warning,
        Message = "Job {Job} never runs: its cron expression matches no future time")]
    public static partial void JobHasNoTime(ILogger logger, string job);

    [LoggerMessage(EventId = 566, EventName = "JobLineLost", Level = LogLevel.Warning,
        Message = "A line of the log of job {Job} could not be written")]
    public static partial void JobLineLost(ILogger logger, Exception cause, string job);

    [LoggerMessage(EventId = 567, EventName = "JobWaits", Level = LogLevel.Information,
        Message = "Job {Job} waits for its leadership, at most {Patience}: another process runs it, or has died less than {Session} ago")]
    public static partial void JobWaits(ILogger logger, string job, TimeSpan patience, TimeSpan session);

    [LoggerMessage(EventId = 568, EventName = "JobHeld", Level = LogLevel.Information,
        Message = "Job {Job} was not run: another process still runs it")]
    public static partial void JobHeld(ILogger logger, string job);
}
