using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Log;
using KafkaCaching.Store.Sessions;

namespace KafkaCaching.Store.Faster;

/// <summary>Scans the log for keys and reads each key's current entry, so that the result is complete and up to date. FASTER's own scans
/// are not suitable: Iterate corrupts keys, and Log.Scan skips records that have been replaced since the scan began.</summary>
/// <remarks>Let the end be the log's tail when the scan starts. Consider a record at address A whose key has its current record at address
/// C. The key's entry is returned at A if C = A, or if C is at or past the end, because the scan does not get there. It is not returned yet
/// if A &lt; C &lt; end. Thus, without concurrent writes, each key is returned once. If copying forward overtakes the scan and frees pages
/// ahead of it, their entries are now past the end. A further round then covers [end, new tail).</remarks>
internal sealed class FasterScan(
    LogAccessor<SpanByte, SpanByte> log, LogBudget budget, LogWriter writer, ReaderSlot reader, bool includesRemoved,
    TimeProvider time) : StoreScan
{
    private long _position = log.BeginAddress;
    private long _end = writer.Tail;
    private bool _overtaken;

    public override ReadOnlySpan<byte> Key => reader.Buffer.Key;

    public override ReadOnlySpan<byte> Content => reader.Buffer.Content;

    public override EntryMetadata Metadata => reader.Buffer.Metadata;

    public override bool IsRemoved => reader.Buffer.Removed;

    public override bool MoveNext()
    {
        while (true)
        {
            SkipFreedPages();
            if (_position >= _end && !StartRoundForMissed())
                return false;
            if (!budget.FitsOnPage(_position, EntryLayout.MinRecordBytes))
            {
                SkipPage();
                continue;
            }

            switch (reader.ReadRecord(_position))
            {
                case ReadOutcome.EndOfPage:
                    SkipPage();
                    break;
                case ReadOutcome.Found when HandOut():
                    return true;
                default: // The key is returned later, has no entry, or its record has just been freed.
                    break;
            }
        }
    }

    public override void Dispose() => reader.Release();

    private bool HandOut()
    {
        var address = _position;
        _position += EntryLayout.RecordBytes(Key.Length, reader.Buffer.Capacity);
        var isPresent = reader.ReadEntry(Key) && (includesRemoved || !reader.Buffer.Metadata.Deadline.IsPast(time));
        var isWanted = isPresent || (includesRemoved && reader.Buffer.Outcome == ReadOutcome.Found);
        return isWanted && (reader.Buffer.Address == address || reader.Buffer.Address >= _end);
    }

    private void SkipFreedPages()
    {
        var begin = log.BeginAddress;
        if (_position >= begin)
            return;
        _overtaken = true;
        _position = begin;
    }

    private bool StartRoundForMissed()
    {
        if (!_overtaken)
            return false;
        _overtaken = false;
        // The position is at or past the old end. Everything that was freed has been copied to addresses past the position, so this round
        // covers it.
        _end = writer.Tail;
        return _position < _end;
    }

    private void SkipPage() => _position = budget.PageStart(budget.PageOf(_position) + 1);
}
