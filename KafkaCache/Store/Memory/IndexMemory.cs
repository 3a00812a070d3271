using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FASTER.core;
using KafkaCaching.Native;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Memory;

/// <summary>The memory of FASTER's index. During a replay, the bucket for a write is nearly always absent from the processor's caches and,
/// at first, from physical memory. Without the methods of this class, the write would have to wait for both.</summary>
internal sealed unsafe class IndexMemory
{
    private const int OsPageBytes = 4096;
    private const int SmallBytes = 17 << 20; // The size of an index for a million keys.

    private readonly Array _pinned;
    private readonly byte* _start;
    private readonly long _bytes;
    private readonly byte* _buckets;
    private readonly long _mask;
    private bool _laidOut;

    private IndexMemory(Array pinned, long buckets)
    {
        _pinned = pinned;
        _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        _bytes = (long)pinned.Length * StoreGeometry.BucketBytes;
        // FASTER aligns the buckets to a sector. The remaining memory after them is unused.
        var sector = _bytes - (buckets * StoreGeometry.BucketBytes);
        _buckets = (byte*)(((long)_start + sector - 1) & ~(sector - 1));
        _mask = buckets - 1;
    }

    /// <summary>Returns <see langword="null"/> if FASTER's index is not accessible.</summary>
    public static IndexMemory? Of(FasterKV<SpanByte, SpanByte> faster) =>
        FasterInternals.IndexOf(faster) is { } pinned ? new IndexMemory(pinned, faster.IndexSize) : null;

    /// <summary>The number of buckets, not counting overflow buckets.</summary>
    public long Buckets => _mask + 1;

    public byte* BucketAt(long bucket) => _buckets + (bucket * StoreGeometry.BucketBytes);

    /// <summary>Called by the writer. Accesses all the memory on another thread, so that the system provides it, if the index is likely to
    /// be used. A small index is accessed at once, and a large one when there are enough keys: the size of the index is determined by the
    /// topic's offsets, but a compacted log may have few keys.</summary>
    public void LayOutIfUsed(long keys)
    {
        if (_laidOut || (_bytes > SmallBytes && keys < _bytes / OsPageBytes / 4))
            return;
        _laidOut = true;
        ThreadPool.UnsafeQueueUserWorkItem(static index => index.LayOut(), this, preferLocal: false);
    }

    /// <summary>Prefetches the bucket of a key that will be written soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(ReadOnlySpan<byte> key) => CacheLine.Prefetch(ref *BucketAt((long)KeyHash.Of(key) & _mask));

    // Other threads may read and write at the same time, so zero is added atomically, which changes nothing.
    private void LayOut()
    {
        MemoryAdvice.OnPagesOf(_start, _bytes, MemoryAdvice.HugePages);
        for (long at = 0; at < _bytes; at += OsPageBytes)
            Interlocked.Add(ref *(long*)(_start + at), 0);
        GC.KeepAlive(_pinned); // The store may have become unreachable during the call.
    }
}
