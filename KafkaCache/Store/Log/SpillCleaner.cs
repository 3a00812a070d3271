using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Sessions;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Log;

/// <summary>Bounds a log that spills. Nothing on disk can be written in place, so every write of a spilled entry leaves a dead record
/// there, and a removed entry also stays in the index. The cleaner writes the live entries of the oldest page again, at the tail, and gives
/// the page back to the disk. The writer lets it do this in small steps between its writes, while readers and scans continue.</summary>
internal sealed class SpillCleaner(
    LogAccessor<SpanByte, SpanByte> log, LogBudget budget, LogWriter writer, ReaderSlot reader, SpillFile file)
{
    // The file takes up to this many times as much room as the live entries. With a lower number, more of what is examined is live and has
    // to be written again.
    private const int MostPart = 3;

    // More than MostPart / (MostPart - 1), so that the cleaner catches up with the writer.
    private const int ExaminedForEach = 2;

    private long _cursor = log.BeginAddress;
    private long _owed;

    /// <summary>Does the cleaning that is due after an append, if there is any.</summary>
    /// <exception cref="IOException">The file could not be written or read.</exception>
    public void Step(int appendedBytes)
    {
        if (budget.UsedBytes - budget.LogBytes <= MostPart * budget.LiveBytes)
            return;
        _owed += (long)ExaminedForEach * appendedBytes;
        while (_owed > 0)
        {
            var done = Advance();
            _owed = done == 0 ? 0 : _owed - done;
        }
    }

    /// <summary>Releases the reader. Called with the end of the store.</summary>
    public void Close() => reader.Release();

    /// <summary>Handles one record of the oldest page. Returns the bytes passed, or 0 if the page is still in memory.</summary>
    private long Advance()
    {
        var (page, from) = (budget.PageOf(_cursor), _cursor);
        var end = budget.PageStart(page + 1);
        if (end > log.HeadAddress)
            return 0;
        _cursor = budget.FitsOnPage(from, EntryLayout.MinRecordBytes) && reader.ReadRecord(from) == ReadOutcome.Found
            ? from + MoveIfLive(from)
            : end;
        if (budget.PageOf(_cursor) != page)
            GiveUpBelow(end);
        return _cursor - from;
    }

    // The key's current record may be a later one. A record that removed the entry is needed only as long as an older one of the key
    // exists, and all older ones have been passed.
    private int MoveIfLive(long address)
    {
        var record = reader.Buffer;
        var bytes = EntryLayout.RecordBytes(record.Key.Length, record.Capacity);
        if (record.Removed || !reader.ReadEntry(record.Key) || record.Address != address)
            return bytes;
        budget.LiveBytes -= reader.BytesIfCopied(record.Key.Length);
        writer.Write(record.Key, record.Metadata, record.Content, remove: false, outgrownCapacity: 0);
        return bytes;
    }

    // Each step is visible before the next one: a reader that no longer finds an entry on a page sees that pages were given up, and finds
    // the entry at its new place.
    private void GiveUpBelow(long address)
    {
        file.GivenUpBelow = address;
        var from = log.BeginAddress;
        log.ShiftBeginAddress(address);
        file.GiveBack(from, address - from);
    }
}
