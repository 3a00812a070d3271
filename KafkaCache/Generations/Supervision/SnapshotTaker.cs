using KafkaCaching.Replay.Claims;
using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Capture;

namespace KafkaCaching.Generations.Supervision;

/// <summary>Captures the state of a generation when a snapshot is due. It runs on the replay thread, between batches.</summary>
internal sealed class SnapshotTaker(Generation generation, SnapshotKeeper keeper, Action wake, TimeProvider time) : IDisposable
{
    private bool _isServing;
    private ClaimsCapture? _claims;

    public void Serving()
    {
        _isServing = true;
        if (generation.StartedFrom is { } snapshot)
            keeper.ServingFrom(snapshot.Description, snapshot.Bytes, generation.ContentVersionAtStart);
        else
            keeper.Serving();
    }

    public void AfterBatch()
    {
        if (_claims?.Step() == false)
            _claims = null;

        // A snapshot taken during a replay would cover only part of the log.
        if (_isServing && generation.Unloaded is null && keeper.IsDue)
            Take();
    }

    /// <summary>Called when the replay thread leaves the generation.</summary>
    public void Dispose() => _claims?.Abort(CaptureEnd.StoreEnded);

    private void Take()
    {
        if (generation.CaughtUp is not { } caughtUp
            || !keeper.HasEnoughChanges(generation.Store.Count, generation.ContentVersion, caughtUp.DeleteRetention))
        {
            keeper.Skip();
            return;
        }

        var partitions = new SnapshotPartition[generation.Positions.Count];
        var below = new long[partitions.Length];
        for (var i = 0; i < partitions.Length; i++)
        {
            var progress = generation.Positions[i];
            if (progress.ResumePoint is not { } resume)
            {
                keeper.Skip("The records of the topic come without leader epochs, by which a snapshot would be checked.");
                return;
            }

            below[i] = progress.Position;
            partitions[i] = new(
                progress.Position, resume.At, resume.LeaderEpoch ?? SnapshotPartition.NoEpoch, progress.LogStart,
                progress.LastAppliedTimestampMs ?? -1);
        }

        if (generation.Store.BeginCapture(below) is not { } capture)
        {
            keeper.Skip("The index of the store can't be reached.");
            return;
        }

        _claims = generation.Applier.Claims?.BeginCapture(wake, time);
        keeper.Write(new SnapshotMoment(
            capture, _claims, generation.Topic.Id, partitions, caughtUp.At, caughtUp.DeleteRetention,
            generation.HasKeysInTwoPartitions, generation.LacksEvictedEntries, generation.ContentVersion));
    }
}
