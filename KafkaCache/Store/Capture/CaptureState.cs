using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Capture;

/// <summary>What the writer and the thread that reads a capture share. The writer saves each captured entry before it overwrites or removes
/// it, unless the reading thread has passed the entry's bucket.</summary>
/// <remarks>The reading thread must neither miss an entry nor return it twice. So <see cref="EndWrite"/> makes a saved entry visible only
/// after the entry was overwritten: whoever has the saved one no longer finds the entry in the store. And the reading thread, having walked
/// a group of buckets, lets the write in progress end (<see cref="AwaitWrite"/>) before it takes over what was saved: whatever it found
/// overwritten on its walk is visible by then. An entry that is put back is noted before it is written, so whoever finds it in the store
/// knows that the entry of the moment was saved, or that there was none.</remarks>
internal sealed class CaptureState(long[] below, long buckets, int ringBytes)
{
    private readonly Lock _index = new();
    private readonly PutBackKeys _putBack = new(ringBytes);
    private long _writes;
    private long _done;
    private int _end;
    private bool _isSaved;

    /// <summary>The entries that the writer has overwritten, as they were.</summary>
    public EntryRing Overwritten { get; } = new(ringBytes);

    /// <summary>The number of buckets of the index, a power of two.</summary>
    public long Buckets => buckets;

    public CaptureEnd End => (CaptureEnd)Volatile.Read(ref _end);

    /// <summary>Whether an entry belongs to the captured moment, by where its record is.</summary>
    public bool Includes(in EntryMetadata metadata) =>
        (uint)metadata.Partition < (uint)below.Length && metadata.Offset < below[metadata.Partition];

    /// <summary>Reading thread. Whether an entry that was just read stood at the captured moment.</summary>
    public bool Stood(ReadOnlySpan<byte> key, in EntryMetadata metadata) => Includes(metadata) && !_putBack.Contains(key);

    public long BucketOf(ReadOnlySpan<byte> key) => (long)KeyHash.Of(key) & (buckets - 1);

    /// <summary>Writer only. Before each write.</summary>
    public void BeginWrite()
    {
        _isSaved = false;
        Volatile.Write(ref _writes, _writes + 1);
        Volatile.WriteBarrier();
    }

    /// <summary>Writer only. Called before an entry is overwritten or removed; FASTER may call twice for one write.</summary>
    public void Save(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (_isSaved || !Includes(metadata) || BucketOf(key) < Volatile.Read(ref _done) || _putBack.Contains(key))
            return;
        _isSaved = true;
        if (End == CaptureEnd.None && !Overwritten.TryAdd(key, metadata, content))
            Abort(CaptureEnd.Overrun);
    }

    /// <summary>Writer only. Called before an entry is written, and after <see cref="Save"/>. When a resolver's record no longer yields a
    /// key, an entry of an earlier record is put back, which did not stand at the moment, or was saved.</summary>
    public void Writing(ReadOnlySpan<byte> key, in EntryMetadata metadata)
    {
        if (Includes(metadata) && BucketOf(key) >= Volatile.Read(ref _done) && End == CaptureEnd.None && !_putBack.TryAdd(key))
            Abort(CaptureEnd.Overrun);
    }

    /// <summary>Writer only. After each write.</summary>
    public void EndWrite()
    {
        Overwritten.Publish();
        Volatile.Write(ref _writes, _writes + 1);
    }

    /// <summary>Any thread. The first reason counts.</summary>
    public void Abort(CaptureEnd end) => Interlocked.CompareExchange(ref _end, (int)end, (int)CaptureEnd.None);

    /// <summary>Reading thread. While it holds this, the index stays as it is, unless the capture has ended.</summary>
    public Lock.Scope EnterIndex() => _index.EnterScope();

    /// <summary>Writer only. Ends the capture because the index will be replaced. Waits for the microseconds of a group until the reading
    /// thread has left the index: FASTER frees its parts.</summary>
    public void LeaveIndex()
    {
        lock (_index)
            Abort(CaptureEnd.IndexGrew);
    }

    /// <summary>Reading thread. Waits for the write that is in progress, if there is one.</summary>
    public void AwaitWrite()
    {
        Volatile.ReadBarrier();
        var seen = Volatile.Read(ref _writes);
        var spin = default(SpinWait);
        while ((seen & 1) != 0 && Volatile.Read(ref _writes) == seen && End == CaptureEnd.None)
            spin.SpinOnce();
    }

    /// <summary>Reading thread. All buckets below this one have been passed.</summary>
    public void Passed(long bucket) => Volatile.Write(ref _done, bucket);
}
