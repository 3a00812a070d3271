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

    private long _count;
    private long _loggedCount;
    private long _loggedAt;

    /// <summary>Record errors since the cache was created.</summary>
    public long Count => Volatile.Read(ref _count);

    public void Settle(in SourceRecord record, RecordErrorException error, RecordApplier applier)
    {
        Volatile.Write(ref _count, _count + 1);
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

    private void LogFolded(RecordErrorException error)
    {
        if (_loggedAt != 0 && policy != RecordErrorPolicy.Fail && time.GetElapsedTime(_loggedAt) < LogInterval)
            return;
        Log.RecordError(logger, topic, error.Partition, error.Offset, error.Reason, policy, _count - _loggedCount);
        _loggedAt = time.GetTimestamp();
        _loggedCount = _count;
    }
}
