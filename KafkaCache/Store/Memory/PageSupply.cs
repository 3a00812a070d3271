using FASTER.core;
using KafkaCaching.Native;

namespace KafkaCaching.Store.Memory;

/// <summary>Prepares the log's next pages on another thread, while a replay fills the previous ones. Otherwise, FASTER would allocate and
/// clear each page on the writer's thread, and the system would provide the memory in units of 4 KiB.</summary>
internal sealed unsafe class PageSupply : IThreadPoolWorkItem
{
    /// <summary>The number of pages that are prepared at once. Pages that are allocated in a row are adjacent in memory, so a huge page may
    /// span both.</summary>
    private const int PagesAtOnce = 2;

    private const int SectorBytes = 512;

    private readonly LogAccessor<SpanByte, SpanByte> _log;
    private readonly StoreGeometry _geometry;
    private readonly FasterInternals.PagePool _pool;
    private int _asked;

    private PageSupply(LogAccessor<SpanByte, SpanByte> log, StoreGeometry geometry, FasterInternals.PagePool pool)
    {
        _log = log;
        _geometry = geometry;
        _pool = pool;
    }

    /// <summary>Returns <see langword="null"/> if FASTER's pool is not accessible. FASTER then allocates its pages itself.</summary>
    public static PageSupply? Of(FasterKV<SpanByte, SpanByte> faster, StoreGeometry geometry) =>
        FasterInternals.PoolOf(faster) is { } pool ? new PageSupply(faster.Log, geometry, pool) : null;

    /// <summary>Called on any thread when the writer has begun a page, because another one will follow.</summary>
    public void Replenish()
    {
        if (Interlocked.Exchange(ref _asked, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            LayOutPages();
        }
        catch (Exception)
        {
            // An exception that escapes here would end the process. FASTER continues to allocate its pages itself, and if it can't, the
            // cache faults.
        }
        finally
        {
            Volatile.Write(ref _asked, 0);
        }
    }

    private void LayOutPages()
    {
        if (_pool.Count >= PagesAtOnce || !HasRoomFor(PagesAtOnce))
            return;
        foreach (var page in Allocate(_geometry.PageBytes, PagesAtOnce))
            Supply(page);
    }

    private bool HasRoomFor(int pages) =>
        _log.MemorySizeBytes + ((long)pages << _geometry.PageBits) <= (long)_geometry.LogPages << _geometry.PageBits;

    /// <summary>Allocates pages that are not cleared.</summary>
    public static byte[][] Allocate(int pageBytes, int count)
    {
        var pages = new byte[count][];
        for (var i = 0; i < pages.Length; i++)
        {
            pages[i] = GC.AllocateUninitializedArray<byte>(pageBytes + (2 * SectorBytes), pinned: true);

            // The advice also covers the memory after this page, where the next one will be allocated. .NET writes to an array as soon as
            // it creates the array, so advice after the allocation would be too late.
            fixed (byte* start = pages[i])
                MemoryAdvice.OnPagesOf(start, (1L + count) * pages[i].Length, MemoryAdvice.HugePages);
        }

        return pages;
    }

    /// <summary>Returns the address at which FASTER begins a page in its array.</summary>
    public static long FirstByteOf(byte* array) => ((long)array + SectorBytes - 1) & ~(SectorBytes - 1L);

    private void Supply(byte[] page)
    {
        Array.Clear(page);
        if (!HasRoomFor(1))
            return; // FASTER has allocated pages itself in the meantime.
        fixed (byte* start = page)
            _pool.TryAdd(page, FirstByteOf(start));
    }
}
