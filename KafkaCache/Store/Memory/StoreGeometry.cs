using System.Numerics;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Memory;

/// <summary>The division of a memory budget into an index, a page that FASTER allocates in advance, and the pages of the log.</summary>
internal readonly record struct StoreGeometry(int PageBits, int LogPages, long IndexBytes, long MaxIndexBytes, int MaxRecordBytes)
{
    public const int BucketBytes = 64;

    /// <summary>The number of pages that a budget must at least have room for. Up to a quarter of the budget may be used for the index, and
    /// FASTER allocates one page in advance.</summary>
    public const int MinBudgetPages = 8;

    private const int MinLogPages = 4;
    private const long MinIndexBytes = 8 * 1024;

    public int PageBytes => 1 << PageBits;

    /// <summary>The maximum total size of a key and its content, in bytes.</summary>
    public int MaxEntryBytes => MaxRecordBytes - EntryLayout.MaxOverheadBytes;

    /// <summary>The number of slots in FASTER's circular buffer, a power of two. At least one slot is always empty, because only then does
    /// FASTER release a freed page.</summary>
    public long BufferPages => (long)BitOperations.RoundUpToPowerOf2((ulong)LogPages + 2);

    public static StoreGeometry For(StoreSettings settings)
    {
        var most = settings.MaxEntryBytes ?? DefaultPageBytes(settings.MemoryBudget);
        var pageBits = BitOperations.Log2((ulong)PageBytesFor(settings.MemoryBudget, most));
        var indexBytes = IndexBytesFor(settings);
        var maxIndexBytes = Math.Max(indexBytes, GrownIndexBytesFor(settings.MemoryBudget));
        var pages = ((settings.MemoryBudget - maxIndexBytes) >> pageBits) - 1;
        if (pages < MinLogPages)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.MemoryBudget, "Store.MemoryBudget is too small for a store.");
        return new(pageBits, (int)Math.Min(pages, int.MaxValue / 4), indexBytes, maxIndexBytes, (int)most);
    }

    /// <summary>Returns the maximum total size of a key and its content, in bytes, if a record in the log may take at most
    /// <paramref name="maxRecordBytes"/>.</summary>
    public static int MaxEntryBytesFor(long maxRecordBytes) => (int)(maxRecordBytes - EntryLayout.MaxOverheadBytes);

    /// <summary>Returns the page size for a budget and the size of the largest record, which must fit on one page.</summary>
    public static long PageBytesFor(long budget, long maxRecordBytes) =>
        Math.Max(DefaultPageBytes(budget), (long)BitOperations.RoundUpToPowerOf2((ulong)maxRecordBytes));

    /// <summary>Returns the default page size: 4 MiB if the budget has room for 64 such pages, and otherwise less, down to 1 MiB. Smaller
    /// pages occur only with budgets that the options don't allow. Larger pages can hold larger entries. Smaller pages cost the writer less
    /// time when it begins a new page (half a millisecond per MiB).</summary>
    public static long DefaultPageBytes(long budget) =>
        1L << BitOperations.Log2((ulong)Math.Clamp(budget / 64, Math.Min(1L << 20, budget / 16), 4L << 20));

    /// <summary>Returns the size to which the index of a topic that was small at the start may grow: a 32nd of the budget. Reads are then
    /// still fast when entries of a few hundred bytes fill the rest of the budget.</summary>
    private static long GrownIndexBytesFor(long budget) => Math.Max(MinIndexBytes, 1L << BitOperations.Log2((ulong)budget / 32));

    /// <summary>Returns the initial size of the index: one bucket for every four keys, up to a quarter of the budget. With half as many
    /// buckets, a read takes 10 to 20 % longer. The index can grow later, but reads and writes then wait for tens of
    /// milliseconds.</summary>
    private static long IndexBytesFor(StoreSettings settings)
    {
        var wanted = BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(settings.ExpectedEntries, 1, 1L << 40) / 4) * BucketBytes;
        var most = 1UL << BitOperations.Log2((ulong)settings.MemoryBudget / 4);
        return Math.Max(MinIndexBytes, (long)Math.Min(wanted, most));
    }
}
