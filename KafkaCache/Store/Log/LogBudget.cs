using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store.Log;

/// <summary>How full the log is. Writer only. Past its pages a memory-only FASTER log loses its oldest records without a word, so that
/// nothing is appended before <see cref="HasRoom"/> has said yes.</summary>
internal sealed class LogBudget(LogAccessor<SpanByte, SpanByte> log, StoreGeometry geometry)
{
    /// <summary>FASTER keeps 48 bits for an address; past them it would start over.</summary>
    private const long LastAddress = 1L << 47;

    public long PageBytes => geometry.PageBytes;

    /// <summary>FASTER's tail as the last write left it: the writer alone moves it, and asks for it several times a write.</summary>
    public long Tail { get; set; } = log.TailAddress;

    /// <summary>Bytes that the entries would take if all were copied forward.</summary>
    public long LiveBytes { get; set; }

    public long UsedBytes => Tail - log.BeginAddress;

    /// <summary>What copying forward could win back: records replaced or taken out, slots that became too big, and ends of pages.</summary>
    public long DeadBytes => UsedBytes - LiveBytes;

    public long FreeBytes => (geometry.LogPages - 1) * PageBytes - UsedBytes;

    /// <summary>Whether a record can be appended with a page left over, which copying forward needs.</summary>
    public bool HasRoom(int recordBytes) => Fits(recordBytes, geometry.LogPages - 1);

    /// <summary>Whether a record of the oldest page can be copied to the tail. A page's records always fit the reserve: they fill the
    /// tail's rest and then at most one page more, since copies are no bigger than their originals.</summary>
    public bool HasRoomForCopy(int recordBytes) => Fits(recordBytes, geometry.LogPages);

    public long PageOf(long address) => address >> geometry.PageBits;

    public long PageStart(long page) => page << geometry.PageBits;

    public bool FitsOnPage(long address, int bytes) => (address & (PageBytes - 1)) + bytes <= PageBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Fits(int recordBytes, int pages)
    {
        // A tail at the very end of a page reads as the start of the next one, which isn't there yet: the record's own page is what counts.
        var page = FitsOnPage(Tail, recordBytes) ? PageOf(Tail) : PageOf(Tail) + 1;
        return page - PageOf(log.BeginAddress) < pages && Tail < LastAddress;
    }
}
