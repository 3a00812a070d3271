using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Memory;

namespace KafkaCaching.Store.Log;

/// <summary>Tracks how full the log is. When its pages are used up, a FASTER log that is only in memory silently loses its oldest records,
/// so nothing is appended unless <see cref="HasRoom"/> allows it. It is used by the writer only.</summary>
internal sealed class LogBudget(LogAccessor<SpanByte, SpanByte> log, StoreGeometry geometry)
{
    /// <summary>FASTER uses 48 bits for an address. Beyond them, addresses would start again from zero.</summary>
    private const long LastAddress = 1L << 47;

    public long PageBytes => geometry.PageBytes;

    /// <summary>The number of bytes of all pages that can hold entries.</summary>
    public long LogBytes => (geometry.LogPages - 1) * PageBytes;

    /// <summary>The oldest page in use.</summary>
    public long FirstPage => PageOf(log.BeginAddress);

    /// <summary>Whether live entries take up so much of the log that copying them forward reclaims little.</summary>
    public bool IsMostlyLive => LiveBytes + EndBytes > LogBytes / 4 * 3;

    /// <summary>FASTER's tail after the last write. Only the writer moves it, and reads it several times per write.</summary>
    public long Tail { get; set; } = log.TailAddress;

    /// <summary>The number of bytes that the entries would take if all of them were copied forward.</summary>
    public long LiveBytes { get; set; }

    /// <summary>The number of bytes left unused at the ends of pages because the next record did not fit. Copying leaves about as many
    /// unused.</summary>
    public long EndBytes { get; set; }

    public long UsedBytes => Tail - log.BeginAddress;

    /// <summary>The number of bytes that copying forward could reclaim: those of superseded or removed records, of slots that are now too
    /// large, and of the ends of pages.</summary>
    public long DeadBytes => UsedBytes - LiveBytes;

    public long FreeBytes => LogBytes - UsedBytes;

    /// <summary>Whether a record can be appended with one page left free, which copying forward needs.</summary>
    public bool HasRoom(int recordBytes) => Fits(recordBytes, geometry.LogPages - 1);

    /// <summary>Whether a record of the oldest page can be copied to the tail. The records of one page always fit into the reserve: they
    /// fill the rest of the tail's page and then at most one more page, because copies are no larger than the originals.</summary>
    public bool HasRoomForCopy(int recordBytes) => Fits(recordBytes, geometry.LogPages);

    public long PageOf(long address) => address >> geometry.PageBits;

    public long PageStart(long page) => page << geometry.PageBits;

    public bool FitsOnPage(long address, int bytes) => (address & (PageBytes - 1)) + bytes <= PageBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Fits(int recordBytes, int pages)
    {
        // A tail at the very end of a page equals the start of the next page, which does not exist yet. Therefore, the page that will hold
        // the record is determined.
        var page = FitsOnPage(Tail, recordBytes) ? PageOf(Tail) : PageOf(Tail) + 1;
        return page - PageOf(log.BeginAddress) < pages && Tail < LastAddress;
    }
}
