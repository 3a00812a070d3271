using KafkaCaching.Diagnostics;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Replay;

/// <summary>What becomes of a record that can't be used, by the policy; replay and tail alike. Whatever it is, the offset is settled:
/// the loop goes on past the record, or the cache faults and every waiter with it.</summary>
internal sealed class RecordErrorSettlement(string topic, RecordErrorPolicy policy, ILogger logger, TimeProvider time)
{
    // A topic full of bad records must not fill the log: one line a second, which says how many came since the last.
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private RecordErrorException? _latest;
    private long _unlogged;
    private long? _loggedAt;

    /// <summary>Record errors since the cache was created.</summary>
    public RecordErrorCounts Counts { get; } = new();

    /// <summary>The latest of them.</summary>
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

    /// <summary>Replay thread, after each batch: tells of those that came since the last line, also when no other comes to bring the line
    /// about.</summary>
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
