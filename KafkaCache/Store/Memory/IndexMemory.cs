using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FASTER.core;
using KafkaCaching.Native;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Memory;

/// <summary>The memory of FASTER's index. During a replay, nearly every write finds its bucket neither in the processor's caches nor, at
/// first, in physical memory. The write would have to wait for both.</summary>
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
        // FASTER aligns the buckets to a sector. The unused rest lies after them.
        var sector = _bytes - (buckets * StoreGeometry.BucketBytes);
        _buckets = (byte*)(((long)_start + sector - 1) & ~(sector - 1));
        _mask = buckets - 1;
    }

    /// <summary>Returns <see langword="null"/> if FASTER's index can't be reached.</summary>
    public static IndexMemory? Of(FasterKV<SpanByte, SpanByte> faster) =>
        FasterInternals.IndexOf(faster) is { } pinned ? new IndexMemory(pinned, faster.IndexSize) : null;

    /// <summary>The number of buckets, without those that continue others.</summary>
    public long Buckets => _mask + 1;

    public byte* BucketAt(long bucket) => _buckets + (bucket * StoreGeometry.BucketBytes);

    /// <summary>Called by the writer. Makes the system provide the memory, on another thread, if the index will be used: a small index at
    /// once, a large one when there are enough keys. The index is sized by the topic's offsets, and a log that was compacted long ago may
    /// have few keys.</summary>
    public void LayOutIfUsed(long keys)
    {
        if (_laidOut || (_bytes > SmallBytes && keys < _bytes / OsPageBytes / 4))
            return;
        _laidOut = true;
        ThreadPool.UnsafeQueueUserWorkItem(static index => index.LayOut(), this, preferLocal: false);
    }

    /// <summary>Makes the processor fetch the bucket of a key that will be written soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Prefetch(ReadOnlySpan<byte> key) => CacheLine.Prefetch(ref *BucketAt((long)KeyHash.Of(key) & _mask));

    // Other threads may read and write at the same time. Adding zero changes nothing.
    private void LayOut()
    {
        MemoryAdvice.OnPagesOf(_start, _bytes, MemoryAdvice.HugePages);
        for (long at = 0; at < _bytes; at += OsPageBytes)
            Interlocked.Add(ref *(long*)(_start + at), 0);
        GC.KeepAlive(_pinned); // The store may have been dropped during the call.
    }
}
