using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Waiting;

namespace KafkaCaching.Snapshots;

/// <summary>Loads a snapshot on two threads if the store allows it. Each thread repeatedly takes the next ordered frame, which holds whole
/// buckets. The unordered frames are loaded afterwards, on one thread.</summary>
internal sealed class ParallelLoad(SnapshotReader snapshot, IEntryLoad load, LoadProgress progress)
{
    private const int MaxLanes = 2;

    private int _next = -1;
    private volatile bool _failed;

    public void Run()
    {
        var lanes = load.CanSplit(snapshot.Description.Buckets) ? Math.Min(MaxLanes, Environment.ProcessorCount) : 1;
        var others = new Task[lanes - 1];
        for (var i = 0; i < others.Length; i++)
            others[i] = Blocking.RunAsync(LoadOrdered);

        try
        {
            LoadOrdered();
        }
        finally
        {
            Task.WhenAll(others).GetAwaiter().GetResult();
        }

        LoadUnordered();
        load.End();
    }

    private void LoadOrdered()
    {
        try
        {
            var entries = new FrameEntries(snapshot);
            var lane = load.BeginLane();
            for (var i = Interlocked.Increment(ref _next); i < snapshot.Frames.Count && !_failed; i = Interlocked.Increment(ref _next))
            {
                if (snapshot.Frames[i].IsOrdered)
                    LoadFrame(i, entries, lane);
            }

            lane.End();
        }
        catch
        {
            _failed = true;
            throw;
        }
    }

    private void LoadUnordered()
    {
        var entries = new FrameEntries(snapshot);
        var lane = load.BeginLane();
        for (var i = 0; i < snapshot.Frames.Count; i++)
        {
            if (snapshot.Frames[i].FirstBucket == SnapshotFrame.Unordered)
                LoadFrame(i, entries, lane);
        }

        lane.End();
    }

    private void LoadFrame(int frame, FrameEntries entries, IEntryLane lane)
    {
        entries.Open(frame);
        while (entries.MoveNext())
        {
            if (!lane.Add(entries.Hash, entries.Key, entries.Metadata, entries.Content))
                throw SnapshotFormat.DuplicateKey();
        }

        progress.Pass();
    }
}
