using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Sessions;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Log;

/// <summary>Limits the size of a log that spills. Nothing on disk can be written in place, so every write of a spilled entry leaves a dead
/// record there, and a removed entry also stays in the index. The cleaner writes the live entries of the oldest page again, at the tail,
/// and deallocates the page in the file. It runs in small steps between the writer's writes, while readers and scans continue.</summary>
internal sealed class SpillCleaner(
    LogAccessor<SpanByte, SpanByte> log, LogBudget budget, LogWriter writer, ReaderSlot reader, SpillFile file)
{
    // The file takes up to this many times as much space as the live entries. With a lower number, more of the examined bytes would be live
    // and have to be written again.
    private const int MaxAmplification = 3;

    // The number of bytes to examine for each appended byte. It is greater than MaxAmplification / (MaxAmplification - 1), so that the
    // cleaner catches up with the writer.
    private const int ExaminedForEach = 2;

    private long _cursor = log.BeginAddress;
    private long _owed;

    /// <summary>Does the cleaning that is due after an append, if there is any.</summary>
    /// <exception cref="IOException">The file could not be written or read.</exception>
    public void Step(int appendedBytes)
    {
        if (budget.UsedBytes - budget.LogBytes <= MaxAmplification * budget.LiveBytes)
            return;
        _owed += (long)ExaminedForEach * appendedBytes;
        while (_owed > 0)
        {
            var done = Advance();
            _owed = done == 0 ? 0 : _owed - done;
        }
    }

    /// <summary>Releases the reader. Called when the store is disposed of.</summary>
    public void Close() => reader.Release();

    /// <summary>Processes one record of the oldest page. Returns the number of bytes processed, or 0 if the page is still in
    /// memory.</summary>
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

    // The key's current record may be a later one. A record that marks a removal is needed only as long as the log holds older records of
    // the key, and all of these have already been processed.
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

    // Each step becomes visible before the next one. A reader that no longer finds an entry on a page therefore sees that pages have been
    // freed, and finds the entry at its new address.
    private void GiveUpBelow(long address)
    {
        file.GivenUpBelow = address;
        var from = log.BeginAddress;
        log.ShiftBeginAddress(address);
        file.GiveBack(from, address - from);
    }
}
