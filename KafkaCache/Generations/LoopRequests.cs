using System.Runtime.ExceptionServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>The mailbox through which the watch on the topic asks the replay loop of one generation to end. The loop takes the most serious
/// request on its next turn.</summary>
internal sealed class LoopRequests(Generation generation, SupervisorSettings settings, ILogger logger)
{
    private volatile IRecordSource? _source;
    private volatile ExceptionDispatchInfo? _watchFailure;
    private Request? _request;

    /// <summary>Counts the records that the generation's sources have delivered.</summary>
    public Deliveries Deliveries { get; } = new(settings.Time);

    /// <summary>Makes the loop read from this source from now on, and requests wake it. Call it only on the replay thread.</summary>
    public void GoTo(IRecordSource source)
    {
        _source = source;
        Deliveries.ComeFrom(source);
    }

    /// <summary>Makes the loop take its next turn at once. Safe to call from any thread.</summary>
    public void Wake() => _source?.Wake();

    /// <summary>Called by the watch when another topic has taken the topic's name, or when the log ends before the target of the
    /// replay.</summary>
    public void LogChanged() => Ask(ReplayEnd.LogChanged);

    /// <summary>Called by the watch when the topic has more partitions. The loop ends, so that a new source can read the added partitions
    /// too.</summary>
    public void PartitionsAdded(PartitionProgress[] added) => Ask(ReplayEnd.PartitionsAdded, added);

    /// <summary>Called by the watch when the consumer has fallen silent. The loop ends so that another consumer replaces this one, unless
    /// records arrive or the consumer is replaced before the loop's next turn.</summary>
    public void SourceStalled() => Ask(ReplayEnd.SourceBroken);

    /// <summary>Called by the watch when tombstones may have been removed by compaction before they were read.</summary>
    public void TombstonesMissed() => Ask(ReplayEnd.TombstonesMissed);

    /// <summary>Called when the watch on the topic has failed. The loop fails with the same exception on its next turn. Safe to call from
    /// any thread.</summary>
    public void WatchFailed(Exception cause)
    {
        _watchFailure = ExceptionDispatchInfo.Capture(cause);
        _source?.Wake();
    }

    /// <summary>Throws the exception with which the watch has failed, if it has. Call it only on the replay thread.</summary>
    public void ThrowWatchFailure() => _watchFailure?.Throw();

    /// <summary>Returns the end that was requested since the loop's last turn, if the request still applies. Call it only on the replay
    /// thread.</summary>
    public ReplayEnd? Take()
    {
        if (Volatile.Read(ref _request) is null)
            return null;
        var request = Interlocked.Exchange(ref _request, null)!;
        if (request.Added is { } added && added[0].Partition == generation.Positions.Count)
            generation.Positions.Add(added);

        if (request.End != ReplayEnd.SourceBroken)
            return request.End;
        if (request.Source != _source || request.RecordsDelivered != Deliveries.Records)
            return null;
        Log.SourceStalled(logger, settings.Topic);
        return ReplayEnd.SourceBroken;
    }

    // Only the watch makes requests, so no other request can come between the read and the write. But the loop may take a more serious
    // request in between. This request is then dropped, and the watch repeats it at its next check if it still applies.
    private void Ask(ReplayEnd end, PartitionProgress[]? added = null)
    {
        if (ReplayEnds.MoreSerious(Volatile.Read(ref _request)?.End, end) == end)
            Volatile.Write(ref _request, new Request(end, added, _source, Deliveries.Records));
        _source?.Wake();
    }

    private sealed record Request(ReplayEnd End, PartitionProgress[]? Added, IRecordSource? Source, long RecordsDelivered);
}
