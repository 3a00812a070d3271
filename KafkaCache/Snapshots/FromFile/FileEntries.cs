using System.Collections.Concurrent;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>Finds entries in a snapshot file. Each look-up reads, verifies and unpacks the frame that contains the key's bucket. Safe to
/// use from any thread.</summary>
internal sealed class FileEntries
{
    // Reading this many entries takes a few tens of milliseconds, and a few tens of megabytes of memory.
    private const int MaxUnordered = 100_000;

    // Each concurrent read unpacks a whole frame, which holds at least about sixty entries.
    private const int MaxFrameBytes = 256 * 1024;

    private readonly SnapshotReader _snapshot;
    private readonly long[] _firstBuckets;
    private readonly int[] _frames;
    private readonly Dictionary<byte[], UnorderedEntry> _unordered = new(ByteComparer.Instance);
    private readonly ConcurrentBag<ReadFrame> _free = [];

    /// <exception cref="SnapshotException">The file can't be used.</exception>
    public FileEntries(SnapshotReader snapshot)
    {
        _snapshot = snapshot;
        _frames = [.. Enumerable.Range(0, snapshot.Frames.Count).Where(frame => snapshot.Frames[frame].IsOrdered)];
        _firstBuckets = Array.ConvertAll(_frames, frame => snapshot.Frames[frame].FirstBucket);
        ReadUnordered();
    }

    /// <summary>Whether entries can be found in the file efficiently.</summary>
    public static bool CanFindIn(SnapshotReader snapshot)
    {
        var unordered = 0L;
        foreach (var frame in snapshot.Frames)
        {
            if (frame.FirstBucket == SnapshotFrame.Claims || (frame.IsOrdered && frame.Bytes > MaxFrameBytes))
                return false;
            unordered += frame.IsOrdered ? 0 : frame.Entries;
        }

        return unordered <= MaxUnordered;
    }

    /// <summary>Reads a key's entry, even if it has expired. Dispose of the result.</summary>
    /// <exception cref="SnapshotException">The frame can't be used.</exception>
    /// <exception cref="ObjectDisposedException">The file has been closed.</exception>
    public StoredEntry Read(ReadOnlySpan<byte> key)
    {
        if (_unordered.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var saved))
            return new StoredEntry(in saved.Metadata, saved.Content, lease: null);
        var hash = KeyHash.Of(key);
        var at = Array.BinarySearch(_firstBuckets, (long)hash & (_snapshot.Description.Buckets - 1));
        at = at < 0 ? ~at - 1 : at;
        return at < 0 ? default : ReadIn(_frames[at], hash, key);
    }

    private StoredEntry ReadIn(int frame, ulong hash, ReadOnlySpan<byte> key)
    {
        if (!_free.TryTake(out var read))
            read = new ReadFrame(_snapshot, _free);
        var found = false;
        try
        {
            found = read.Find(frame, hash, key);
            return found ? read.Entry : default;
        }
        finally
        {
            if (!found)
                read.Release();
        }
    }

    private void ReadUnordered()
    {
        var entries = new FrameEntries(_snapshot);
        for (var i = 0; i < _snapshot.Frames.Count; i++)
        {
            if (_snapshot.Frames[i].IsOrdered)
                continue;
            entries.Open(i);
            while (entries.MoveNext())
            {
                if (!_unordered.TryAdd(entries.Key.ToArray(), new UnorderedEntry(entries.Metadata, entries.Content.ToArray())))
                    throw SnapshotFormat.DuplicateKey();
            }
        }
    }

    private sealed class UnorderedEntry(EntryMetadata metadata, byte[] content)
    {
        public readonly EntryMetadata Metadata = metadata;

        public byte[] Content => content;
    }

    /// <summary>A frame that a reader has unpacked. It is held until the entry is no longer needed.</summary>
    private sealed class ReadFrame(SnapshotReader snapshot, ConcurrentBag<ReadFrame> free) : IEntryLease
    {
        private readonly FrameEntries _entries = new(snapshot);

        public StoredEntry Entry => new(in _entries.Metadata, _entries.Content, this);

        public bool Find(int frame, ulong hash, ReadOnlySpan<byte> key)
        {
            _entries.Open(frame);
            while (_entries.MoveNext())
            {
                if (_entries.Hash == hash && _entries.Key.SequenceEqual(key))
                    return true;
            }

            return false;
        }

        public void Release() => free.Add(this);
    }
}
