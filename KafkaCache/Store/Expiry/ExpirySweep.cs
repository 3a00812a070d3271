using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Log;
using KafkaCaching.Store.Sessions;

namespace KafkaCaching.Store.Expiry;

/// <summary>Scans the log in rounds, one record per call, to find expired entries. It is used by the writer only.</summary>
internal sealed class ExpirySweep(
    LogAccessor<SpanByte, SpanByte> log, LogBudget budget, LogWriter writer, ReaderSlot reader)
{
    private long _position;
    private long _page = -1;

    public ReadOnlySpan<byte> Key => reader.Buffer.Key;

    public ref readonly EntryMetadata Metadata => ref reader.Buffer.Metadata;

    /// <summary>Moves to the next record.</summary>
    /// <param name="nowMs">The time, in Unix milliseconds.</param>
    /// <param name="isExpired">Whether the record holds an entry that has expired. If so, the entry must be removed before the next
    /// call.</param>
    /// <returns>Whether there is a next record. If not, the round has ended, and the next call begins another round.</returns>
    public bool MoveNext(long nowMs, out bool isExpired)
    {
        isExpired = false;
        _position = Math.Max(_position, log.BeginAddress);
        if (!SkipPagesWithoutExpired(nowMs))
            return false;
        if (!budget.FitsOnPage(_position, EntryLayout.MinRecordBytes) || reader.ReadRecord(_position) != ReadOutcome.Found)
        {
            _position = budget.PageStart(budget.PageOf(_position) + 1);
            return true;
        }

        var record = reader.Buffer;
        var address = _position;
        _position += EntryLayout.RecordBytes(record.Key.Length, record.Capacity);
        if (record.Superseded || record.Removed || record.Metadata.Deadline.IsNone)
            return true;
        if (record.Metadata.Deadline.IsPast(nowMs))
            isExpired = IsCurrent(address);
        else
            writer.Deadlines.Note(address, record.Metadata.Deadline);
        return true;
    }

    // A spilled record is not marked as superseded when another record replaces it, so the current one is looked up.
    private bool IsCurrent(long address) => reader.ReadEntry(Key) && reader.Buffer.Address == address;

    // A sweep that has entered a page continues to its end. The earliest deadline of the page was cleared first, and is determined again
    // from the deadlines that the sweep finds. Entries that are written to the page during the sweep record their own deadlines.
    private bool SkipPagesWithoutExpired(long nowMs)
    {
        while (_position < writer.Tail)
        {
            var page = budget.PageOf(_position);
            if (page == _page)
                return true;
            _page = page;
            if (writer.Deadlines.Of(page) <= nowMs)
            {
                writer.Deadlines.Clear(page);
                return true;
            }

            _position = budget.PageStart(page + 1);
        }

        (_position, _page) = (0, -1);
        return false;
    }
}
