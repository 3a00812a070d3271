using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store.Memory;

/// <summary>FASTER's hash buckets, to be read while the writer changes them, or to be filled before FASTER uses them. A bucket has seven
/// words with addresses of the log, and an eighth that leads to the bucket that continues it.</summary>
internal sealed unsafe class IndexBuckets
{
    private const int Words = 8;
    private const long AddressMask = (1L << 48) - 1;
    private const long TentativeBit = 1L << 63;
    private const int TagShift = 48;
    private const long TagMask = ((1L << 14) - 1) << TagShift;

    private readonly IndexMemory _memory;
    private readonly FasterInternals.OverflowBuckets _overflow;

    private IndexBuckets(IndexMemory memory, FasterInternals.OverflowBuckets overflow) => (_memory, _overflow) = (memory, overflow);

    /// <summary>Returns <see langword="null"/> if FASTER's index can't be reached.</summary>
    public static IndexBuckets? Of(FasterKV<SpanByte, SpanByte> faster, IndexMemory? memory) =>
        memory is not null && FasterInternals.OverflowBucketsOf(faster) is { } overflow
            ? new IndexBuckets(memory, overflow)
            : null;

    public long Count => _memory.Buckets;

    /// <summary>Reads the words of a bucket and of all buckets that continue it.</summary>
    public void Read(long bucket, List<long> words)
    {
        words.Clear();
        var at = (long*)_memory.BucketAt(bucket);
        while (true)
        {
            for (var i = 0; i < Words - 1; i++)
                words.Add(Volatile.Read(ref at[i]));
            var next = Volatile.Read(ref at[Words - 1]) & AddressMask;
            if (next == 0)
                return;
            at = (long*)_overflow.At(next);
        }
    }

    /// <summary>The word for keys with a hash, or an empty word for it. This may be called only while FASTER does not use the index, and by
    /// one thread at a time for each bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref long Place(ulong hash)
    {
        var tag = TagOf(hash);
        var at = (long*)_memory.BucketAt((long)hash & (Count - 1));
        while (true)
        {
            for (var i = 0; i < Words - 1; i++)
            {
                if (at[i] == 0 || (at[i] & TagMask) == tag)
                    return ref at[i];
            }

            if (at[Words - 1] == 0)
                at[Words - 1] = _overflow.Allocate();
            at = (long*)_overflow.At(at[Words - 1] & AddressMask);
        }
    }

    /// <summary>The word of a record with a hash.</summary>
    public static long Word(ulong hash, long address) => TagOf(hash) | address;

    /// <summary>The address of the newest record that a word leads to, or 0 if it leads to none.</summary>
    public static long AddressIn(long word) => (word & TentativeBit) != 0 ? 0 : word & AddressMask;

    // FASTER takes the tag from the highest 14 bits of the hash, and the bucket from the lowest ones.
    private static long TagOf(ulong hash) => (long)(hash >> 50) << TagShift;
}
