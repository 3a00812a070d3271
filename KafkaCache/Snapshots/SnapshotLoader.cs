using KafkaCaching.Replay.Claims;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots;

/// <summary>Loads a snapshot and its claims into an empty store.</summary>
internal static class SnapshotLoader
{
    /// <exception cref="SnapshotException">The snapshot can't be used, and the store must be discarded.</exception>
    /// <exception cref="OperationCanceledException">The load has been given up.</exception>
    public static void Load(SnapshotReader snapshot, IStateStore store, ClaimedEntries? claims, LoadProgress progress)
    {
        LoadEntries(snapshot, store, progress);
        if (claims is not null)
            LoadClaims(snapshot, claims.BeginLoad(), progress);
        else if (snapshot.Frames.Any(static frame => frame.FirstBucket == SnapshotFrame.Claims))
            throw SnapshotFormat.Damaged("The file holds claims, but the cache has no resolver.");
    }

    private static void LoadEntries(SnapshotReader snapshot, IStateStore store, LoadProgress progress)
    {
        try
        {
            if (store.BeginLoad() is { } load)
                new ParallelLoad(snapshot, load, progress).Run();
            else
                LoadBySingleWrites(snapshot, store, progress);
        }
        catch (StoreFullException full)
        {
            throw new SnapshotException(ColdStartReason.TooLarge, full.Message, full);
        }
        catch (EntryTooLargeException tooLarge)
        {
            throw new SnapshotException(ColdStartReason.TooLarge, tooLarge.Message, tooLarge);
        }
    }

    /// <summary>Reads and verifies a whole snapshot, without a store.</summary>
    /// <exception cref="SnapshotException">The snapshot can't be used.</exception>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public static void Verify(SnapshotReader snapshot, WritePace pace)
    {
        var entries = new FrameEntries(snapshot);
        for (var i = 0; i < snapshot.Frames.Count; i++)
        {
            pace.Wait(snapshot.Frames[i].At);
            entries.Open(i);
            while (entries.MoveNext())
            {
                // MoveNext verifies each entry.
            }
        }
    }

    private static void LoadClaims(SnapshotReader snapshot, ClaimsLoad claims, LoadProgress progress)
    {
        var packed = new FrameEntries(snapshot);
        for (var i = 0; i < snapshot.Frames.Count; i++)
        {
            if (snapshot.Frames[i].FirstBucket != SnapshotFrame.Claims)
                continue;
            packed.Open(i);
            while (packed.MoveNext())
            {
                if (!claims.Add(packed.Key, packed.Metadata, packed.Content))
                    throw SnapshotFormat.Damaged("The file holds an invalid claim.");
            }

            progress.Pass();
        }

        if (!claims.End(snapshot.Description.Entries))
            throw SnapshotFormat.Damaged("The file's claims do not fit its entries.");
    }

    private static void LoadBySingleWrites(SnapshotReader snapshot, IStateStore store, LoadProgress progress)
    {
        var entries = new FrameEntries(snapshot);
        for (var i = 0; i < snapshot.Frames.Count; i++)
        {
            if (snapshot.Frames[i].FirstBucket == SnapshotFrame.Claims)
                continue;
            entries.Open(i);
            while (entries.MoveNext())
            {
                if (store.Set(entries.Key, entries.Metadata, entries.Content) != WriteResult.WasAbsent)
                    throw SnapshotFormat.DuplicateKey();
            }

            progress.Pass();
        }
    }
}
