using FASTER.core;
using KafkaCaching.Native;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Store.Log;

/// <summary>Lays out the log's next pages on another thread, while a replay fills the ones before. FASTER would make and clear each of them
/// on the writer's thread, where the system hands it out in pieces of 4 KiB.</summary>
internal sealed unsafe class PageSupply : IThreadPoolWorkItem
{
    /// <summary>Laid out at once: one after the other they lie side by side, so that a huge page may span both.</summary>
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

    /// <summary><see langword="null"/> where FASTER's pool can't be reached: it then makes its pages itself.</summary>
    public static PageSupply? Of(FasterKV<SpanByte, SpanByte> faster, StoreGeometry geometry) =>
        FasterInternals.PoolOf(faster) is { } pool ? new PageSupply(faster.Log, geometry, pool) : null;

    /// <summary>Any thread: a page has been begun, and another will be.</summary>
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
            // Here it would be the process's end. FASTER goes on to make its pages itself, and where it can't, the cache faults.
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
        foreach (var page in Allocate())
            Supply(page);
    }

    private bool HasRoomFor(int pages) =>
        _log.MemorySizeBytes + ((long)pages << _geometry.PageBits) <= (long)_geometry.LogPages << _geometry.PageBits;

    private byte[][] Allocate()
    {
        var pages = new byte[PagesAtOnce][];
        for (var i = 0; i < pages.Length; i++)
        {
            pages[i] = GC.AllocateUninitializedArray<byte>(_geometry.PageBytes + (2 * SectorBytes), pinned: true);

            // And what comes behind it: .NET writes to an array as soon as it makes it, which is too early for advice given after.
            fixed (byte* start = pages[i])
                MemoryAdvice.OnPagesOf(start, (1L + PagesAtOnce) * pages[i].Length, MemoryAdvice.HugePages);
        }

        return pages;
    }

    private void Supply(byte[] page)
    {
        Array.Clear(page);
        if (!HasRoomFor(1))
            return; // The writer made pages itself meanwhile.
        fixed (byte* start = page)
            _pool.TryAdd(page, ((long)start + SectorBytes - 1) & ~(SectorBytes - 1L));
    }
}
