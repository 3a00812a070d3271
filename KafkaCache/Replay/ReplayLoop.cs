using System.Diagnostics;
using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>The straight line of a replay, and of the tail after it: take a batch → apply its records → advance the positions → tell those
/// who wait → settle the errors. One thread.</summary>
internal sealed class ReplayLoop(
    IRecordSource source, RecordApplier applier, TracedApply traced, RecordErrorSettlement recordErrors, SourceErrorSettlement sourceErrors,
    Positions positions,
    IReplayObserver observer, TimeProvider? time = null)
{
    // A write takes some 0.3 µs and memory 0.1 to 0.2 µs to answer.
    private const int PrefetchedRecords = 8;

    // Idle, the loop comes by this often to look at the clock and at the high watermarks, and while it replays at the markers of
    // transactions too.
    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReplayTurn = TimeSpan.FromMilliseconds(100);

    private volatile bool _isApplying;

    /// <summary>Any thread: whether it is inside a resolver, a validator, a deserializer or the store.</summary>
    public bool IsApplying => _isApplying;

    private ShowingPace _pace = new(time ?? TimeProvider.System);

    /// <exception cref="Exception">Whatever ends the cache: a record error under <see cref="RecordErrorPolicy.Fail"/>, a full store, a
    /// refusal of the brokers.</exception>
    public ReplayEnd Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var batch = source.Take(positions.HaveReachedTargets ? IdleTurn : ReplayTurn);
            observer.Taken(batch);
            if (!ApplyAndPass(batch, stopping))
                break;
            recordErrors.LogRest();
            if (ReplayEnds.Graver(observer.AfterBatch(), sourceErrors.Settle(batch.Errors)) is { } end)
                return end;
        }

        return ReplayEnd.Stopped;
    }

    /// <returns>Whether it got through the batch before it was told to stop.</returns>
    private bool ApplyAndPass(RecordBatch batch, CancellationToken stopping)
    {
        _isApplying = true;
        try
        {
            if (!ApplyRecords(batch.Records, stopping))
                return false;
            PassEnds(batch.Ends);
            NoteEpochs(batch.Epochs);
            if (!batch.IsFull)
                PassMarkers();
            return true;
        }
        finally
        {
            _isApplying = false;

            // On a fault too: the positions tell what is in the store, which may still be read.
            positions.Publish();
        }
    }

    // Compiled fully at once, as is all that it calls down to the store: a million records are over before .NET's tiers would get there.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ApplyRecords(ReadOnlySpan<SourceRecord> records, CancellationToken stopping)
    {
        var isTraced = TracedApply.IsOn;
        _pace.Begin();
        for (var i = 0; i < records.Length; i++)
        {
            // Before each: a resolver may be slow, and who disposes of the cache doesn't wait for a batch of it.
            if (stopping.IsCancellationRequested)
                return false;
            if (i + PrefetchedRecords < records.Length)
                applier.Prefetch(records[i + PrefetchedRecords]);
            ref readonly var record = ref records[i];
            if (isTraced && positions[record.Partition].IsTail(record.Offset))
                ApplyTraced(record);
            else
                Apply(record, span: null);
            positions.PassRecord(record);
            if (_pace.IsDue())
                ShowPositions();
        }

        return true;
    }

    // A batch of a slow resolver takes minutes: who waits for one of its records, or looks at the lag, doesn't wait for all of them.
    private void ShowPositions()
    {
        positions.Publish();
        observer.AmidBatch();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(in SourceRecord record, Activity? span)
    {
        try
        {
            applier.Apply(record);
        }
        catch (RecordErrorException error)
        {
            TracedApply.Failed(span, error.Reason);
            recordErrors.Settle(record, error, applier);
        }
    }

    private void ApplyTraced(in SourceRecord record)
    {
        using var span = traced.Start(record);
        try
        {
            Apply(record, span.Activity);
        }
        catch (Exception fault) when (fault is not RecordErrorException)
        {
            TracedApply.Failed(span.Activity, fault);
            throw;
        }
    }

    private void NoteEpochs(IReadOnlyList<PartitionEpoch> epochs)
    {
        for (var i = 0; i < epochs.Count; i++)
            positions[epochs[i].Partition].SawLeaderEpoch(epochs[i].Offset, epochs[i].LeaderEpoch);
    }

    private void PassEnds(IReadOnlyList<PartitionEnd> ends)
    {
        for (var i = 0; i < ends.Count; i++)
            positions[ends[i].Partition].PassTo(ends[i].Offset);
    }

    // Of the markers behind the last record of a log nothing is delivered, and its end is told only when the next fetch is over. Asked of
    // the client after all that it has delivered is applied; while a replay is busy its batches are full, and none of this is asked.
    private void PassMarkers()
    {
        foreach (var partition in positions.Partitions)
        {
            if (partition.IsBehind)
                partition.PassTo(source.NextOffset(partition.Partition));
        }
    }
}
