using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Log;

namespace KafkaCaching.Store.Faster;

/// <summary>Walks the log for keys and reads each key's entry as it stands now, so that what it hands out is whole and current.
/// FASTER's own walks won't do: Iterate garbles keys, and Log.Scan passes over records replaced since the walk began.</summary>
/// <remarks>Let the end be the tail at the start. A record at A whose key stands at C is handed out when C is A, or when C is at or past
/// the end, where this walk won't come. It is left for later when A &lt; C &lt; end. So each key comes once in a store at rest. Should
/// copying forward overtake the walk and free pages before it, their entries stand past the end: a further round takes [end, new
/// tail).</remarks>
internal sealed class FasterScan(LogAccessor<SpanByte, SpanByte> log, LogBudget budget, LogWriter writer, ReaderSlot reader) : StoreScan
{
    private long _position = log.BeginAddress;
    private long _end = writer.Tail;
    private bool _overtaken;

    public override ReadOnlySpan<byte> Key => reader.Buffer.Key;

    public override ReadOnlySpan<byte> Value => reader.Buffer.Value;

    public override EntryMetadata Metadata => reader.Buffer.Metadata;

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
                default: // left for later, no entry, or freed a moment ago: go round
                    break;
            }
        }
    }

    public override void Dispose() => reader.Release();

    private bool HandOut()
    {
        var address = _position;
        _position += EntryLayout.RecordBytes(Key.Length, reader.Buffer.Capacity);
        return reader.ReadEntry(Key) && (reader.Buffer.Address == address || reader.Buffer.Address >= _end);
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
        // Past the end already: what was freed up to here is past the position too, and this round takes it.
        _end = writer.Tail;
        return _position < _end;
    }

    private void SkipPage() => _position = budget.PageStart(budget.PageOf(_position) + 1);
}
