using System.Diagnostics;
using System.Runtime.CompilerServices;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>The loop that replays a topic and then follows the end of its log. It takes a batch, applies its records, advances the
/// positions, notifies the waiters, and settles the errors. It runs on the replay thread.</summary>
internal sealed class ReplayLoop(
    IRecordSource source, RecordApplier applier, TracedApply traced, RecordErrorSettlement recordErrors,
    SourceErrorSettlement sourceErrors, Positions positions, IReplayObserver observer, TimeProvider? time = null)
{
    // A write takes about 0.3 µs, and an access to main memory takes 0.1 to 0.2 µs.
    private const int PrefetchedRecords = 8;

    // An idle loop wakes at this interval to check the clock and the high watermarks. During the replay, it wakes more often, to pass
    // transaction markers.
    private static readonly TimeSpan IdleTurn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReplayTurn = TimeSpan.FromMilliseconds(100);

    private volatile bool _isApplying;

    /// <summary>Whether the loop is inside a resolver, a validator, a deserializer or the store. Safe to read from any thread.</summary>
    public bool IsApplying => _isApplying;

    private PublishPace _pace = new(time ?? TimeProvider.System);

    /// <exception cref="Exception">The error that ends the cache: a record error with <see cref="RecordErrorPolicy.Fail"/>, a full store,
    /// or a refusal by the brokers.</exception>
    public ReplayEnd Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var batch = source.Take(positions.HaveReachedTargets ? IdleTurn : ReplayTurn);
            observer.Taken(batch);
            if (positions.AreContradictedBy(batch))
                return ReplayEnd.LogChanged;
            if (!ApplyAndPass(batch, stopping))
                break;
            if (positions.AreContradicted())
                return ReplayEnd.LogChanged;
            recordErrors.LogRest();
            if (ReplayEnds.MoreSerious(observer.AfterBatch(), sourceErrors.Settle(batch.Errors)) is { } end)
                return end;
        }

        return ReplayEnd.Stopped;
    }

    /// <returns>Whether the batch was completed; <see langword="false"/> if the cache is stopping.</returns>
    private bool ApplyAndPass(RecordBatch batch, CancellationToken stopping)
    {
        _isApplying = true;
        observer.Applying();
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

            // The positions are published on a fault too: they describe the content of the store, which may still be read.
            positions.Publish();
            observer.Applied();
        }
    }

    // This method, and everything that it calls down to the store, is fully optimized from the first call, because a million records are
    // applied before .NET's tiered compilation would optimize it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ApplyRecords(ReadOnlySpan<SourceRecord> records, CancellationToken stopping)
    {
        var isTraced = TracedApply.IsOn;
        var mayRepeat = positions.MayRepeat;
        _pace.Begin();
        for (var i = 0; i < records.Length; i++)
        {
            // This is checked before each record, because a resolver may be slow, and disposing of the cache must not wait for a whole
            // batch.
            if (stopping.IsCancellationRequested)
                return false;
            if (i + PrefetchedRecords < records.Length)
                applier.Prefetch(records[i + PrefetchedRecords]);
            ref readonly var record = ref records[i];
            if (mayRepeat && positions.PassRepeated(record))
                continue;
            if (isTraced && positions[record.Partition].IsTail(record.Offset))
                ApplyTraced(record);
            else
                Apply(record, span: null);
            positions.PassRecord(record);
            if (_pace.IsDue())
                PublishPositions();
        }

        return true;
    }

    // With a slow resolver, a batch may take minutes. Code that waits for one of its records, or reads the lag, must not have to wait for
    // the whole batch.
    private void PublishPositions()
    {
        positions.Publish();
        observer.Applied();
        observer.AmidBatch();
        observer.Applying();
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

    // The client delivers nothing for the transaction markers after the last record of a log, and it reports the end of the log only after
    // the next fetch. Therefore, the client's position is queried once everything that it has delivered is applied. While a replay is busy,
    // its batches are full, and the position is not queried.
    private void PassMarkers()
    {
        foreach (var partition in positions.Partitions)
        {
            if (partition.IsBehind)
                partition.PassTo(source.NextOffset(partition.Partition));
        }
    }
}
