using System.Runtime.CompilerServices;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store.Log;

/// <summary>For each page of the log, a time before which none of its entries expires. A sweep can therefore skip pages that can't hold an
/// expired entry. It is used by the writer only.</summary>
internal sealed class EarliestDeadlines(LogBudget budget)
{
    // A ring buffer for the pages in use.
    private long[] _earliest = NewRing(64);
    private long _first;
    private long _next;

    /// <summary>Records the deadline of an entry that has been written or copied to an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Note(long address, Deadline deadline)
    {
        var page = budget.PageOf(address);
        if (page >= _next)
            GrowTo(page + 1);
        ref var earliest = ref _earliest[page & (_earliest.Length - 1)];
        earliest = Math.Min(earliest, deadline.Ms);
    }

    /// <summary>Returns the time before which no entry of a page expires, in Unix milliseconds.</summary>
    public long Of(long page) => page >= _first && page < _next ? _earliest[page & (_earliest.Length - 1)] : long.MaxValue;

    /// <summary>Clears the time of a page whose entries' deadlines are about to be recorded again.</summary>
    public void Clear(long page)
    {
        if (page >= _first && page < _next)
            _earliest[page & (_earliest.Length - 1)] = long.MaxValue;
    }

    private static long[] NewRing(int pages)
    {
        var ring = new long[pages];
        Array.Fill(ring, long.MaxValue);
        return ring;
    }

    private void GrowTo(long next)
    {
        var first = Math.Max(_first, budget.FirstPage);
        for (var freed = _first; freed < Math.Min(first, _next); freed++)
            _earliest[freed & (_earliest.Length - 1)] = long.MaxValue;
        var length = _earliest.Length;
        while (next - first > length)
            length *= 2;
        if (length != _earliest.Length)
        {
            var ring = NewRing(length);
            for (var page = first; page < _next; page++)
                ring[page & (length - 1)] = _earliest[page & (_earliest.Length - 1)];
            _earliest = ring;
        }

        (_first, _next) = (first, next);
    }
}
