using FASTER.core;

namespace KafkaCaching.Store.Faster;

/// <summary>Reads FASTER's hash buckets while the writer changes them. A bucket has seven words with addresses of the log, and an eighth
/// that leads to where it is continued.</summary>
internal sealed unsafe class IndexBuckets
{
    private const int Words = 8;
    private const long AddressMask = (1L << 48) - 1;
    private const long TentativeBit = 1L << 63;

    private readonly IndexMemory _memory;
    private readonly Func<long, long> _overflowAt;

    private IndexBuckets(IndexMemory memory, Func<long, long> overflowAt) => (_memory, _overflowAt) = (memory, overflowAt);

    /// <summary>Returns <see langword="null"/> if FASTER's index can't be reached.</summary>
    public static IndexBuckets? Of(FasterKV<SpanByte, SpanByte> faster, IndexMemory? memory) =>
        memory is not null && FasterInternals.OverflowBucketsOf(faster) is { } at ? new IndexBuckets(memory, at) : null;

    public long Count => _memory.Buckets;

    /// <summary>Reads the words of a bucket, with all that continue it.</summary>
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
            at = (long*)_overflowAt(next);
        }
    }

    /// <summary>The address of the newest record that a word leads to, or 0 if it leads to none.</summary>
    public static long AddressIn(long word) => (word & TentativeBit) != 0 ? 0 : word & AddressMask;
}
