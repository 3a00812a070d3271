using System.Runtime.ExceptionServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>Holds the topic poller's requests to end the replay loop of one generation. On its next iteration, the loop takes the most
/// serious request.</summary>
internal sealed class LoopRequests(Generation generation, SupervisorSettings settings, ILogger logger)
{
    private volatile IRecordSource? _source;
    private volatile ExceptionDispatchInfo? _watchFailure;
    private Request? _request;

    /// <summary>Counts the records that the generation's sources have delivered.</summary>
    public Deliveries Deliveries { get; } = new(settings.Time);

    /// <summary>Sets the source that the loop reads from. Requests wake this source. Call it only on the replay thread.</summary>
    public void GoTo(IRecordSource source)
    {
        _source = source;
        Deliveries.ComeFrom(source);
    }

    /// <summary>Makes the loop begin its next iteration at once. Safe to call from any thread.</summary>
    public void Wake() => _source?.Wake();

    /// <summary>Called by the poller when the topic has been replaced by another topic with the same name, or when the log ends before the
    /// target of the replay.</summary>
    public void LogChanged() => Ask(ReplayEnd.LogChanged);

    /// <summary>Called by the poller when partitions have been added to the topic. The loop ends, so that a new source can read the added
    /// partitions too.</summary>
    public void PartitionsAdded(PartitionProgress[] added) => Ask(ReplayEnd.PartitionsAdded, added);

    /// <summary>Called by the poller when the consumer has stopped responding. The loop ends so that another consumer replaces this one,
    /// unless records arrive or the consumer is replaced before the loop's next iteration.</summary>
    public void SourceStalled() => Ask(ReplayEnd.SourceBroken);

    /// <summary>Called by the poller when compaction may have removed tombstones before they were read.</summary>
    public void TombstonesMissed() => Ask(ReplayEnd.TombstonesMissed);

    /// <summary>Called when the poller has failed. The loop fails with the same exception on its next iteration. Safe to call from any
    /// thread.</summary>
    public void WatchFailed(Exception cause)
    {
        _watchFailure = ExceptionDispatchInfo.Capture(cause);
        _source?.Wake();
    }

    /// <summary>Throws the exception with which the poller has failed, if it has. Call it only on the replay thread.</summary>
    public void ThrowWatchFailure() => _watchFailure?.Throw();

    /// <summary>Returns the end that was requested since the loop's last iteration, if the request still applies. Call it only on the
    /// replay thread.</summary>
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

    // Only the poller makes requests, so no other request can come between the read and the write. But the loop may take the more serious
    // request in the meantime. The new request is then dropped, and the poller repeats it at its next check if it still applies.
    private void Ask(ReplayEnd end, PartitionProgress[]? added = null)
    {
        if (ReplayEnds.MoreSerious(Volatile.Read(ref _request)?.End, end) == end)
            Volatile.Write(ref _request, new Request(end, added, _source, Deliveries.Records));
        _source?.Wake();
    }

    private sealed record Request(ReplayEnd End, PartitionProgress[]? Added, IRecordSource? Source, long RecordsDelivered);
}
