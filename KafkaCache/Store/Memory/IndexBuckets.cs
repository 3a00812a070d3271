using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store.Memory;

/// <summary>Accesses FASTER's hash buckets, to read them while the writer changes them, or to fill them before FASTER uses them. A bucket
/// consists of seven words with addresses in the log, and an eighth word with the address of an overflow bucket.</summary>
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

    /// <summary>Returns <see langword="null"/> if FASTER's index is not accessible.</summary>
    public static IndexBuckets? Of(FasterKV<SpanByte, SpanByte> faster, IndexMemory? memory) =>
        memory is not null && FasterInternals.OverflowBucketsOf(faster) is { } overflow
            ? new IndexBuckets(memory, overflow)
            : null;

    public long Count => _memory.Buckets;

    /// <summary>Reads the words of a bucket and of its overflow buckets.</summary>
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

    /// <summary>Returns the word for keys with this hash, or an unused word in the same bucket. This may be called only while FASTER does
    /// not use the index, and by only one thread at a time for each bucket.</summary>
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

    /// <summary>Returns the word for a record at an address, whose key has this hash.</summary>
    public static long Word(ulong hash, long address) => TagOf(hash) | address;

    /// <summary>Returns the address in a word, which is that of the newest record in the chain, or 0 if the word holds none.</summary>
    public static long AddressIn(long word) => (word & TentativeBit) != 0 ? 0 : word & AddressMask;

    // FASTER uses the highest 14 bits of the hash as the tag, and the lowest bits to select the bucket.
    private static long TagOf(ulong hash) => (long)(hash >> 50) << TagShift;
}
