using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Errors;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Replay;

/// <summary>Handles a record that can't be used, according to the policy, both during the replay and afterwards. In every case, the offset
/// is settled: either the loop continues after the record, or the cache faults and every waiter fails.</summary>
internal sealed class RecordErrorSettlement(string topic, RecordErrorPolicy policy, ILogger logger, TimeProvider time)
{
    // A topic full of invalid records must not flood the log. At most one line is written per second. It states how many errors have
    // occurred since the previous line.
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private RecordErrorException? _latest;
    private long _unlogged;
    private long? _loggedAt;

    /// <summary>The number of record errors since the cache was created.</summary>
    public RecordErrorCounts Counts { get; } = new();

    public RecentRecordErrors Recent { get; } = new();

    public void Settle(in SourceRecord record, RecordErrorException error, RecordApplier applier)
    {
        Counts.Add(error.Reason);
        Recent.Add(new RecordErrorSighting(error.Partition, error.Offset, error.Reason, time.GetUtcNow()));
        _latest = error;
        _unlogged++;
        if (policy == RecordErrorPolicy.Fail || IsTimeToLog)
            LogFolded(error);
        switch (policy)
        {
            case RecordErrorPolicy.Skip:
                return;
            case RecordErrorPolicy.Quarantine:
                applier.Quarantine(record, error.Reason);
                return;
            default:
                throw error;
        }
    }

    /// <summary>Logs the errors that have occurred since the last line, even if no further error triggers a line. Called on the replay
    /// thread after each batch.</summary>
    public void LogRest()
    {
        if (_unlogged > 0 && IsTimeToLog)
            LogFolded(_latest!);
    }

    private bool IsTimeToLog => _loggedAt is not { } last || time.GetElapsedTime(last) >= LogInterval;

    private void LogFolded(RecordErrorException error)
    {
        Log.RecordError(logger, topic, error.Partition, error.Offset, error.Reason, policy, _unlogged);
        _loggedAt = time.GetTimestamp();
        _unlogged = 0;
    }
}
