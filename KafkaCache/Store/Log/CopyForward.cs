using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Eviction;
using KafkaCaching.Store.Sessions;

namespace KafkaCaching.Store.Log;

/// <summary>Limits the size of a log that is only in memory: it copies the live records of the oldest page to the tail, and then frees the
/// page. The writer does this in small steps between its writes, while readers and scans continue. FASTER finds the copy of a record before
/// the original. FASTER's epoch protection keeps a page until the last reader that may be using it has left the epoch.</summary>
internal sealed class CopyForward(LogAccessor<SpanByte, SpanByte> log, LogBudget budget, LogWriter writer, ReaderSlot reader)
{
    private const int CreditPart = 4;

    private long _cursor = log.BeginAddress;
    private long _owed;
    private long _passed;
    private long _passedForRecord;
    private long _credit = budget.LogBytes / CreditPart;

    /// <summary>The number of bytes in the log that have been examined so far.</summary>
    public long ExaminedBytes { get; private set; }

    /// <summary>Does the copying that is due after an append. None is due while more space is free than could be reclaimed, so a log
    /// without dead records is never copied. The less space is free, the more copying is due for each byte appended. A whole round is
    /// therefore completed before the space runs out, and the work is spread evenly over the writes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(int appendedBytes)
    {
        var free = budget.FreeBytes;
        if (budget.DeadBytes < free)
            return;
        _owed += appendedBytes * (1 + budget.UsedBytes / Math.Max(free, budget.PageBytes));
        while (_owed > 0)
        {
            var done = Advance();
            if (done == 0)
                _owed = 0;
            _owed -= done;
        }
    }

    /// <summary>Copies until there is room for a record. Returns false if one whole round did not make enough room, or if no round was
    /// possible because everything left is live.</summary>
    public bool MakeRoom(int recordBytes)
    {
        var round = budget.Tail;
        while (!budget.HasRoom(recordBytes))
        {
            if (budget.DeadBytes < budget.PageBytes || _cursor >= round || Advance() == 0)
                return false;
        }

        return true;
    }

    /// <summary>Does the work that is due before a record is written to a store that evicts. It processes at least twice as many bytes of
    /// the oldest pages as the record takes, and continues until there is room for the record.</summary>
    /// <param name="recordBytes">The size of the record.</param>
    /// <param name="eviction">Decides which entries are evicted, and evicts them. No write may be in progress.</param>
    public void Evict(int recordBytes, IEviction eviction)
    {
        var owed = 2L * recordBytes;
        _passedForRecord = 0;
        while (budget.FreeBytes < 2 * budget.PageBytes && (owed > 0 || !budget.HasRoom(recordBytes)))
        {
            var done = Advance(eviction);
            if (done == 0 || _passedForRecord > 2 * budget.LogBytes)
                return; // None of the remaining entries may be evicted.
            owed -= done;
            _passedForRecord += done;
            _passed += done;
            if (_passed < budget.LogBytes / 2)
                continue;
            _passed = 0;
            eviction.ForgetOlderReads();
        }
    }

    /// <summary>Processes one record of the oldest page. Returns the number of bytes processed, or 0 if only the page of the tail is
    /// left.</summary>
    private long Advance(IEviction? eviction = null)
    {
        var page = budget.PageOf(_cursor);
        if (budget.PageStart(page + 1) >= budget.Tail)
            return 0;
        var from = _cursor;
        if (budget.FitsOnPage(from, EntryLayout.MinRecordBytes) && reader.ReadRecord(from) == ReadOutcome.Found)
        {
            _cursor = from + CopyIfLive(from, eviction);
        }
        else
        {
            _cursor = budget.PageStart(page + 1);
            budget.EndBytes = Math.Max(0, budget.EndBytes - (_cursor - from));
        }

        writer.DoneBelow = _cursor;
        if (budget.PageOf(_cursor) != page)
            log.ShiftBeginAddress(_cursor);
        ExaminedBytes += _cursor - from;
        return _cursor - from;
    }

    private int CopyIfLive(long address, IEviction? eviction)
    {
        var record = reader.Buffer;
        var bytes = EntryLayout.RecordBytes(record.Key.Length, record.Capacity);
        // In memory, FASTER marks every record that has been superseded. The copy operation checks this again, and omits removed entries.
        if (record.Superseded)
            return bytes;
        if (eviction is not null && !record.Removed && !IsKept(eviction, bytes))
        {
            eviction.TakeOut(record.Key, record.Metadata);
            _credit = Math.Min(_credit + (bytes / 2), budget.LogBytes / CreditPart);
            return bytes;
        }

        if (!budget.HasRoomForCopy(bytes))
            throw new InvalidOperationException("The log has no page left for copying forward.");
        writer.Copy(record.Key, address);
        return bytes;
    }

    // Two bytes must be evicted for each byte that is copied, because otherwise a store whose entries are all read would free nothing.
    // Entries that were copied before are next to each other, so the credit must last for many pages.
    private bool IsKept(IEviction eviction, int bytes)
    {
        if (eviction.MustStay(reader.Buffer.Key))
            return true;
        // Some record sizes leave the same amount of space unused no matter how often the records are copied.
        if (_passedForRecord > budget.LogBytes)
            return false;
        if (!budget.IsMostlyLive)
            return true;
        if (!eviction.IsRead(reader.Buffer.Key) || _credit < bytes)
            return false;
        _credit -= bytes;
        return true;
    }
}
