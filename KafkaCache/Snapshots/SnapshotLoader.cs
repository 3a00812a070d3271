using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots;

/// <summary>Loads a snapshot into an empty store.</summary>
internal static class SnapshotLoader
{
    /// <exception cref="SnapshotException">The snapshot can't be used, and the store is to be dropped.</exception>
    /// <exception cref="OperationCanceledException">The load has been given up.</exception>
    public static void Load(SnapshotReader snapshot, IStateStore store, LoadProgress progress)
    {
        var buffer = new FrameReadBuffer();
        try
        {
            foreach (var frame in snapshot.Frames)
            {
                LoadFrame(snapshot, frame, buffer, store);
                progress.Pass();
            }
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

    /// <summary>Reads and verifies all of a snapshot, without a store.</summary>
    /// <exception cref="SnapshotException">The snapshot can't be used.</exception>
    /// <exception cref="OperationCanceledException">The cache is stopping.</exception>
    public static void Verify(SnapshotReader snapshot, WritePace pace)
    {
        var buffer = new FrameReadBuffer();
        foreach (var frame in snapshot.Frames)
        {
            pace.Wait(frame.At);
            var rest = snapshot.Read(frame, buffer);
            for (var i = 0; i < frame.Entries; i++)
                snapshot.Next(ref rest, out _, out _, out _);
            RequireEnd(rest);
        }
    }

    private static void LoadFrame(SnapshotReader snapshot, in SnapshotFrame frame, FrameReadBuffer buffer, IStateStore store)
    {
        var rest = snapshot.Read(frame, buffer);
        for (var i = 0; i < frame.Entries; i++)
        {
            snapshot.Next(ref rest, out var key, out var metadata, out var content);
            if (store.Set(key, metadata, content) != WriteResult.WasAbsent)
                throw SnapshotFormat.Damaged("It holds a key twice.");
        }

        RequireEnd(rest);
    }

    private static void RequireEnd(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0)
            throw SnapshotFormat.Damaged("A frame holds more than its entries.");
    }
}
