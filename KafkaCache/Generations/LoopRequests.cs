using System.Runtime.ExceptionServices;
using KafkaCaching.Diagnostics;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Generations;

/// <summary>The mailbox between the watch on the topic and the replay loop of one generation. The watch asks the loop to end; the loop
/// takes the gravest request on its next turn.</summary>
internal sealed class LoopRequests(Generation generation, SupervisorSettings settings, ILogger logger)
{
    private volatile IRecordSource? _source;
    private volatile ExceptionDispatchInfo? _watchFailure;
    private Request? _request;

    /// <summary>What the generation's sources have delivered.</summary>
    public Deliveries Deliveries { get; } = new(settings.Time);

    /// <summary>Replay thread: the loop reads from this source from now on, and a request wakes it there.</summary>
    public void GoTo(IRecordSource source)
    {
        _source = source;
        Deliveries.ComeFrom(source);
    }

    /// <summary>The watch: another topic has the name now, or the log ends before the target of the replay.</summary>
    public void LogChanged() => Ask(ReplayEnd.LogChanged);

    /// <summary>The watch: the topic has more partitions now. The loop ends for a source that reads them too.</summary>
    public void PartitionsAdded(PartitionProgress[] added) => Ask(ReplayEnd.PartitionsAdded, added);

    /// <summary>The watch: the consumer has fallen silent. The loop ends for another consumer, unless records have come or the consumer was
    /// replaced by the loop's next turn.</summary>
    public void SourceStalled() => Ask(ReplayEnd.SourceBroken);

    /// <summary>The watch: tombstones may have been cleaned away unread.</summary>
    public void TombstonesMissed() => Ask(ReplayEnd.TombstonesMissed);

    /// <summary>Any thread: the watch on the topic has failed. The loop fails with the same exception on its next turn.</summary>
    public void WatchFailed(Exception cause)
    {
        _watchFailure = ExceptionDispatchInfo.Capture(cause);
        _source?.Wake();
    }

    /// <summary>Replay thread.</summary>
    public void ThrowWatchFailure() => _watchFailure?.Throw();

    /// <summary>Replay thread: what the loop was asked for since its last turn, if it still holds.</summary>
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

    // The watch alone asks, so no other request comes between the read and the write. The loop may take the graver request in between; then
    // this one is dropped, and the watch makes it again at its next look if it still holds.
    private void Ask(ReplayEnd end, PartitionProgress[]? added = null)
    {
        if (ReplayEnds.Graver(Volatile.Read(ref _request)?.End, end) == end)
            Volatile.Write(ref _request, new Request(end, added, _source, Deliveries.Records));
        _source?.Wake();
    }

    private sealed record Request(ReplayEnd End, PartitionProgress[]? Added, IRecordSource? Source, long RecordsDelivered);
}
