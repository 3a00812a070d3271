using System.Numerics;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Log;

/// <summary>How a memory budget is dealt out: an index, a page that FASTER allocates ahead, and the pages of the log.</summary>
internal readonly record struct StoreGeometry(int PageBits, int LogPages, long IndexBytes, int MaxRecordBytes)
{
    public const int BucketBytes = 64;

    /// <summary>How many pages a budget holds at least, of which a quarter may go to the index, and one to what FASTER allocates
    /// ahead.</summary>
    public const int MinBudgetPages = 8;

    private const int MinLogPages = 4;
    private const long MinIndexBytes = 8 * 1024;

    public int PageBytes => 1 << PageBits;

    /// <summary>The most bytes that a key and its value may have together.</summary>
    public int MaxEntryBytes => MaxRecordBytes - EntryLayout.MaxOverheadBytes;

    /// <summary>Slots of FASTER's circular buffer, a power of two. At least one stays empty: only then does FASTER let go of a page that
    /// was freed.</summary>
    public long BufferPages => (long)BitOperations.RoundUpToPowerOf2((ulong)LogPages + 2);

    public static StoreGeometry For(StoreSettings settings)
    {
        var most = settings.MaxEntryBytes ?? DefaultPageBytes(settings.MemoryBudget);
        var pageBits = BitOperations.Log2((ulong)PageBytesFor(settings.MemoryBudget, most));
        var indexBytes = IndexBytesFor(settings);
        var pages = ((settings.MemoryBudget - indexBytes) >> pageBits) - 1;
        if (pages < MinLogPages)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.MemoryBudget, "Store.MemoryBudget is too small for a store.");
        return new(pageBits, (int)Math.Min(pages, int.MaxValue / 4), indexBytes, (int)most);
    }

    /// <summary>The most bytes that a key and its value may have together, where an entry may take so many of log.</summary>
    public static int MaxEntryBytesFor(long maxRecordBytes) => (int)(maxRecordBytes - EntryLayout.MaxOverheadBytes);

    /// <summary>The size of pages under a budget where the largest entry may take so many bytes: an entry lies on one page.</summary>
    public static long PageBytesFor(long budget, long maxRecordBytes) =>
        Math.Max(DefaultPageBytes(budget), (long)BitOperations.RoundUpToPowerOf2((ulong)maxRecordBytes));

    /// <summary>4 MiB where the budget has 64 of them, down to 1 MiB; less only in budgets too small for options to allow.
    /// Bigger pages hold bigger entries; smaller ones cost the writer less at each turn (half a millisecond a MiB).</summary>
    public static long DefaultPageBytes(long budget) =>
        1L << BitOperations.Log2((ulong)Math.Clamp(budget / 64, Math.Min(1L << 20, budget / 16), 4L << 20));

    /// <summary>A bucket for every four keys, up to a quarter of the budget. Half as much costs a read 10 to 20 %, growing it later stalls
    /// reads.</summary>
    private static long IndexBytesFor(StoreSettings settings)
    {
        var wanted = BitOperations.RoundUpToPowerOf2((ulong)Math.Clamp(settings.ExpectedEntries, 1, 1L << 40) / 4) * BucketBytes;
        var most = 1UL << BitOperations.Log2((ulong)settings.MemoryBudget / 4);
        return Math.Max(MinIndexBytes, (long)Math.Min(wanted, most));
    }
}
