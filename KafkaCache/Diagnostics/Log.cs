using Microsoft.Extensions.Logging;

namespace KafkaCaching.Diagnostics;

/// <summary>All log messages of the library. Event IDs are stable, and argument names include units. No message contains a key, a value or
/// a secret. The event IDs are 1xx for the lifecycle of a cache, 2xx for the replay, 3xx for puts, leaderships and fenced writers, and 4xx
/// for the Kafka clients.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 100, EventName = "Ready", Level = LogLevel.Information,
        Message = "Topic {Topic} is ready: generation {Generation}, {Entries} entries of {Records} records in {ElapsedMs:F0} ms")]
    public static partial void Ready(ILogger logger, string topic, int generation, long entries, long records, double elapsedMs);

    [LoggerMessage(EventId = 101, EventName = "Faulted", Level = LogLevel.Error, Message = "The cache of topic {Topic} has faulted")]
    public static partial void Faulted(ILogger logger, Exception cause, string topic);

    [LoggerMessage(EventId = 102, EventName = "Stale", Level = LogLevel.Warning,
        Message = "Topic {Topic} is stale: the brokers last confirmed {UnconfirmedSeconds:F0} s ago that its replay keeps up with the end "
            + "of its log")]
    public static partial void Stale(ILogger logger, string topic, double unconfirmedSeconds);

    [LoggerMessage(EventId = 103, EventName = "Fresh", Level = LogLevel.Information, Message = "Topic {Topic} is no longer stale")]
    public static partial void Fresh(ILogger logger, string topic);

    [LoggerMessage(EventId = 104, EventName = "TopicUnanswered", Level = LogLevel.Warning, Message = "{Problem} Asking again")]
    public static partial void TopicUnanswered(ILogger logger, string problem);

    [LoggerMessage(EventId = 105, EventName = "NotCompactOnly", Level = LogLevel.Warning,
        Message = "Topic {Topic} has cleanup.policy={Policy}: the topic of a cache should have only compact, so that its log start never "
            + "passes entries that other caches still hold")]
    public static partial void NotCompactOnly(ILogger logger, string topic, string policy);

    [LoggerMessage(EventId = 106, EventName = "CleanupPolicyUnknown", Level = LogLevel.Debug, Message = "The cleanup.policy of topic "
        + "{Topic} could not be read: {Problem}")]
    public static partial void CleanupPolicyUnknown(ILogger logger, string topic, string problem);

    [LoggerMessage(EventId = 107, EventName = "TopicReplaced", Level = LogLevel.Warning,
        Message = "Topic {Topic} has been deleted and recreated: its topic ID has changed. It is replayed from the start")]
    public static partial void TopicReplaced(ILogger logger, string topic);

    [LoggerMessage(EventId = 108, EventName = "ReplayThreadStuck", Level = LogLevel.Warning,
        Message = "The replay thread of topic {Topic} has not ended within {TimeoutSeconds} s: a resolver, a validator or a deserializer "
            + "has not returned. Its memory is released when it does")]
    public static partial void ReplayThreadStuck(ILogger logger, string topic, double timeoutSeconds);

    [LoggerMessage(EventId = 109, EventName = "PartitionsAdded", Level = LogLevel.Information,
        Message = "Topic {Topic} has grown from {Before} to {Now} partitions; the new ones are replayed from their starts")]
    public static partial void PartitionsAdded(ILogger logger, string topic, int before, int now);

    [LoggerMessage(EventId = 110, EventName = "TombstonesMissed", Level = LogLevel.Warning,
        Message = "The cache of topic {Topic} was behind for {BehindSeconds:F0} s, and the topic keeps tombstones for "
            + "{RetentionSeconds:F0} s (delete.retention.ms): some that were not read may be gone, so the topic is replayed")]
    public static partial void TombstonesMissed(ILogger logger, string topic, double behindSeconds, double retentionSeconds);

    [LoggerMessage(EventId = 111, EventName = "ReplayOutlastsTombstones", Level = LogLevel.Warning,
        Message = "The replay of topic {Topic} has taken {BehindSeconds:F0} s so far, and the topic keeps tombstones for "
            + "{RetentionSeconds:F0} s: a key that was deleted meanwhile may remain. Raise delete.retention.ms above the time of a replay")]
    public static partial void ReplayOutlastsTombstones(ILogger logger, string topic, double behindSeconds, double retentionSeconds);

    [LoggerMessage(EventId = 112, EventName = "ListenerThrew", Level = LogLevel.Warning,
        Message = "A listener to the spans or durations of the cache of topic {Topic} threw. What it should have received is "
            + "lost, and the cache continues. Later exceptions are not logged")]
    public static partial void ListenerThrew(ILogger logger, Exception cause, string topic);

    [LoggerMessage(EventId = 113, EventName = "RetentionTooShort", Level = LogLevel.Warning,
        Message = "Topic {Topic} has retention.ms={Retention}, but records of this cache expire after {TimeToLive} ms: records are deleted "
            + "before they expire, and caches that start later miss them")]
    public static partial void RetentionTooShort(ILogger logger, string topic, double retention, double timeToLive);

    [LoggerMessage(EventId = 120, EventName = "TopicCreated", Level = LogLevel.Information,
        Message = "Topic {Topic} was missing and has been created with {Partitions} partitions")]
    public static partial void TopicCreated(ILogger logger, string topic, int partitions);

    [LoggerMessage(EventId = 121, EventName = "TopicUnchecked", Level = LogLevel.Information,
        Message = "The settings of topic {Topic} are not checked: {Problem}")]
    public static partial void TopicUnchecked(ILogger logger, string topic, string problem);

    [LoggerMessage(EventId = 200, EventName = "ReplayStarts", Level = LogLevel.Information,
        Message = "Topic {Topic}: generation {Generation} replays {Partitions} partitions, {Offsets} offsets")]
    public static partial void ReplayStarts(ILogger logger, string topic, int generation, int partitions, long offsets);

    [LoggerMessage(EventId = 201, EventName = "RecordError", Level = LogLevel.Warning,
        Message = "The record of topic {Topic} at partition {Partition}, offset {Offset} can't be used: {Reason}; policy {Policy}; {Count} "
            + "such errors since the last line")]
    public static partial void RecordError(
        ILogger logger, string topic, int partition, long offset, RecordErrorReason reason, RecordErrorPolicy policy, long count);

    [LoggerMessage(EventId = 202, EventName = "SourceErrorWaits", Level = LogLevel.Warning,
        Message = "The consumer met an error at partition {Partition}, offset {Offset}, and tries again: {Error}")]
    public static partial void SourceErrorWaits(ILogger logger, int partition, long offset, string error);

    [LoggerMessage(EventId = 206, EventName = "SourceErrorRepeats", Level = LogLevel.Warning, Message = "The consumer met the same error "
        + "{Repeats} more times within {WindowSeconds} s: {Error}")]
    public static partial void SourceErrorRepeats(ILogger logger, int repeats, int windowSeconds, string error);

    [LoggerMessage(EventId = 203, EventName = "SourceErrorIgnored", Level = LogLevel.Information, Message = "The consumer reported an "
        + "error that does not affect a cache: {Error}")]
    public static partial void SourceErrorIgnored(ILogger logger, string error);

    [LoggerMessage(EventId = 204, EventName = "SourceReopens", Level = LogLevel.Warning,
        Message = "The consumer is unusable and is replaced: {Error}")]
    public static partial void SourceReopens(ILogger logger, string error);

    [LoggerMessage(EventId = 130, EventName = "StartsWarm", Level = LogLevel.Information,
        Message = "Topic {Topic} starts warm: {Entries} entries of a snapshot that is {AgeSeconds:F0} s old, loaded in {LoadMs:F0} ms; "
            + "{Offsets} offsets are left to replay")]
    public static partial void StartsWarm(ILogger logger, string topic, long entries, double ageSeconds, long offsets, double loadMs);

    [LoggerMessage(EventId = 131, EventName = "StartsCold", Level = LogLevel.Information,
        Message = "Topic {Topic} starts cold, without its snapshot: {Reason}. {Problem}")]
    public static partial void StartsCold(ILogger logger, string topic, ColdStartReason reason, string problem);

    [LoggerMessage(EventId = 132, EventName = "SnapshotWritten", Level = LogLevel.Information,
        Message = "A snapshot of topic {Topic} has been written: {Entries} entries, {Bytes} bytes, {ElapsedMs:F0} ms")]
    public static partial void SnapshotWritten(ILogger logger, string topic, long entries, long bytes, double elapsedMs);

    [LoggerMessage(EventId = 133, EventName = "SnapshotAborted", Level = LogLevel.Information,
        Message = "A snapshot of topic {Topic} was abandoned, and is tried again later: {Problem}")]
    public static partial void SnapshotAborted(ILogger logger, string topic, string problem);

    [LoggerMessage(EventId = 134, EventName = "SnapshotFailed", Level = LogLevel.Warning,
        Message = "A snapshot of topic {Topic} could not be written; the cache continues without a new one")]
    public static partial void SnapshotFailed(ILogger logger, Exception cause, string topic);

    [LoggerMessage(EventId = 135, EventName = "StartsFromFile", Level = LogLevel.Information,
        Message = "Topic {Topic} starts warm, from the file of a snapshot that is {AgeSeconds:F0} s old: {Entries} entries; {Offsets} "
            + "offsets are left to replay")]
    public static partial void StartsFromFile(ILogger logger, string topic, double ageSeconds, long entries, long offsets);

    [LoggerMessage(EventId = 136, EventName = "SnapshotLoaded", Level = LogLevel.Information,
        Message = "The snapshot of topic {Topic} is in memory after {LoadMs:F0} ms")]
    public static partial void SnapshotLoaded(ILogger logger, string topic, double loadMs);

    [LoggerMessage(EventId = 205, EventName = "LogChanged", Level = LogLevel.Warning,
        Message = "The log of topic {Topic} has changed at partition {Partition}, offset {Offset}; it is replayed from the start: {Error}")]
    public static partial void LogChanged(ILogger logger, string topic, int partition, long offset, string error);

    [LoggerMessage(EventId = 207, EventName = "BatchesUnavailable", Level = LogLevel.Warning,
        Message = "Topic {Topic} is read record by record, more slowly: librdkafka's queue can't be reached ({Problem})")]
    public static partial void BatchesUnavailable(ILogger logger, string topic, string problem);

    [LoggerMessage(EventId = 208, EventName = "SourceStalled", Level = LogLevel.Warning,
        Message = "Topic {Topic}: the consumer has delivered nothing although the brokers have more records; it is replaced")]
    public static partial void SourceStalled(ILogger logger, string topic);

    [LoggerMessage(EventId = 240, EventName = "BrokerSilent", Level = LogLevel.Warning,
        Message = "Topic {Topic}: broker {Broker} has sent nothing for {SilentSeconds:F0} s, although the consumer has asked it; the "
            + "consumer is replaced")]
    public static partial void BrokerSilent(ILogger logger, string topic, string broker, double silentSeconds);

    [LoggerMessage(EventId = 241, EventName = "ReplayHeld", Level = LogLevel.Warning,
        Message = "Topic {Topic}: the replay has been busy with one record for {HeldSeconds:F0} s. A resolver, a validator or a "
            + "deserializer has not returned, or the store waits for its disk")]
    public static partial void ReplayHeld(ILogger logger, string topic, double heldSeconds);

    [LoggerMessage(EventId = 250, EventName = "ClientLeftBehind", Level = LogLevel.Warning,
        Message = "A Kafka client of cache {Cache} has not ended within {TimeoutSeconds} s and is left behind; the cache continues, or "
            + "ends, without it")]
    public static partial void ClientLeftBehind(ILogger logger, string cache, double timeoutSeconds);

    [LoggerMessage(EventId = 300, EventName = "ProducerReplaced", Level = LogLevel.Warning, Message = "The producer of topic {Topic} is "
        + "unusable and is replaced: {Error}")]
    public static partial void ProducerReplaced(ILogger logger, string topic, string error);

    [LoggerMessage(EventId = 350, EventName = "LeadershipTaken", Level = LogLevel.Information,
        Message = "This instance now leads '{Leadership}'")]
    public static partial void LeadershipTaken(ILogger logger, string leadership);

    [LoggerMessage(EventId = 351, EventName = "LeadershipGivenUp", Level = LogLevel.Information,
        Message = "This instance no longer leads '{Leadership}': {Reason}")]
    public static partial void LeadershipGivenUp(ILogger logger, string leadership, string reason);

    [LoggerMessage(EventId = 352, EventName = "LeadershipLost", Level = LogLevel.Warning,
        Message = "This instance has lost the leadership of '{Leadership}': {Reason}")]
    public static partial void LeadershipLost(ILogger logger, string leadership, string reason);

    [LoggerMessage(EventId = 353, EventName = "ElectionProblem", Level = LogLevel.Warning,
        Message = "This instance can't take part in the election of '{Leadership}' now, and tries again: {Problem}")]
    public static partial void ElectionProblem(ILogger logger, string leadership, string problem);

    [LoggerMessage(EventId = 360, EventName = "WriterFenced", Level = LogLevel.Warning,
        Message = "The writer '{Writer}' of topic {Topic} is fenced and can no longer write: {Reason}")]
    public static partial void WriterFenced(ILogger logger, string writer, string topic, string reason);

    [LoggerMessage(EventId = 361, EventName = "TransactionUnsettled", Level = LogLevel.Warning,
        Message = "A transaction of the writer '{Writer}' of topic {Topic} was not ended: {Reason}. The next writer ends it, or the "
            + "brokers do when its time is over")]
    public static partial void TransactionUnsettled(ILogger logger, string writer, string topic, string reason);

    [LoggerMessage(EventId = 400, EventName = "KafkaClient", Message = "Kafka client {Client}: {Text}")]
    public static partial void KafkaClient(ILogger logger, LogLevel level, string client, string text);

    [LoggerMessage(EventId = 401, EventName = "KafkaClientRepeats", Message = "Kafka client {Client}: {Repeats} more times within "
        + "{WindowSeconds} s: {Text}")]
    public static partial void KafkaClientRepeats(
        ILogger logger, LogLevel level, string client, int repeats, int windowSeconds, string text);
}
