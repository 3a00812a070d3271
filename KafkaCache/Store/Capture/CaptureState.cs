using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Capture;

/// <summary>The state that is shared by the writer of a store and the thread that reads a capture of it. The writer saves each captured
/// entry before it overwrites or removes the entry, unless the reading thread has already passed the entry's bucket.</summary>
/// <remarks>The reading thread must neither miss an entry nor return it twice. Therefore, <see cref="EndWrite"/> makes a saved entry
/// visible only after the entry has been overwritten: a thread that sees the saved entry no longer finds it in the store. After the reading
/// thread has read a group of buckets, it waits for the write in progress (<see cref="AwaitWrite"/>) before it takes the saved entries.
/// Every entry that it found overwritten in these buckets is then among the saved ones. When the writer puts back an entry of an earlier
/// record, it records the key before it writes the entry. A reading thread that finds such an entry therefore also finds its key, and skips
/// the entry: what the key held at the captured moment, if anything, has already been saved.</remarks>
internal sealed class CaptureState(long[] below, long buckets, int maxBytes)
{
    private readonly Lock _index = new();
    private readonly PutBackKeys _putBack = new(maxBytes);
    private long _writes;
    private long _done;
    private int _end;
    private bool _isSaved;

    /// <summary>The captured entries that the writer has since overwritten.</summary>
    public EntryQueue Overwritten { get; } = new(maxBytes);

    /// <summary>The number of buckets of the index, a power of two.</summary>
    public long Buckets => buckets;

    public CaptureEnd End => (CaptureEnd)Volatile.Read(ref _end);

    /// <summary>Whether the capture includes an entry, according to the position of its record.</summary>
    public bool Includes(in EntryMetadata metadata) =>
        (uint)metadata.Partition < (uint)below.Length && metadata.Offset < below[metadata.Partition];

    /// <summary>Whether an entry that has just been read existed at the captured moment. Called on the reading thread only.</summary>
    public bool Stood(ReadOnlySpan<byte> key, in EntryMetadata metadata) => Includes(metadata) && !_putBack.Contains(key);

    public long BucketOf(ReadOnlySpan<byte> key) => (long)KeyHash.Of(key) & (buckets - 1);

    /// <summary>Called by the writer before each write.</summary>
    public void BeginWrite()
    {
        _isSaved = false;
        Volatile.Write(ref _writes, _writes + 1);
        Volatile.WriteBarrier();
    }

    /// <summary>Called by the writer before an entry is overwritten or removed. FASTER may call it twice for one write.</summary>
    public void Save(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (_isSaved || !Includes(metadata) || BucketOf(key) < Volatile.Read(ref _done) || _putBack.Contains(key))
            return;
        _isSaved = true;
        if (End == CaptureEnd.None && !Overwritten.TryAdd(key, metadata, content))
            Abort(CaptureEnd.Overrun);
    }

    /// <summary>Called by the writer before an entry is written, and after <see cref="Save"/>. When a resolver's record no longer yields a
    /// key, an entry of an earlier record is put back. Its position alone would include it in the capture, although it did not exist at the
    /// captured moment or has already been saved.</summary>
    public void Writing(ReadOnlySpan<byte> key, in EntryMetadata metadata)
    {
        if (Includes(metadata) && BucketOf(key) >= Volatile.Read(ref _done) && End == CaptureEnd.None && !_putBack.TryAdd(key))
            Abort(CaptureEnd.Overrun);
    }

    /// <summary>Called by the writer after each write.</summary>
    public void EndWrite()
    {
        Overwritten.Publish();
        Volatile.Write(ref _writes, _writes + 1);
    }

    /// <summary>Ends the capture. Only the reason of the first call is kept. Safe to call from any thread.</summary>
    public void Abort(CaptureEnd end) => Interlocked.CompareExchange(ref _end, (int)end, (int)CaptureEnd.None);

    /// <summary>Enters the lock on the index. While the reading thread holds it, the index is not replaced, unless the capture has
    /// ended.</summary>
    public Lock.Scope EnterIndex() => _index.EnterScope();

    /// <summary>Called by the writer. Ends the capture, because the index will be replaced. FASTER then frees parts of the index, so the
    /// call waits until the reading thread has released the lock. This takes at most the few microseconds in which a group is
    /// read.</summary>
    public void LeaveIndex()
    {
        lock (_index)
            Abort(CaptureEnd.IndexGrew);
    }

    /// <summary>Called by the reading thread. Waits for the write that is in progress, if there is one.</summary>
    public void AwaitWrite()
    {
        Volatile.ReadBarrier();
        var seen = Volatile.Read(ref _writes);
        var spin = default(SpinWait);
        while ((seen & 1) != 0 && Volatile.Read(ref _writes) == seen && End == CaptureEnd.None)
            spin.SpinOnce();
    }

    /// <summary>Called by the reading thread when it has read all buckets below this one.</summary>
    public void Passed(long bucket) => Volatile.Write(ref _done, bucket);
}
