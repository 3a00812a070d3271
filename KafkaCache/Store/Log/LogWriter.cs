using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Memory;
using KafkaCaching.Store.Sessions;

namespace KafkaCaching.Store.Log;

/// <summary>The session of the single writer. It maintains the count of live bytes, and publishes up to which address the log is
/// complete.</summary>
internal sealed unsafe class LogWriter
{
    private readonly FasterKV<SpanByte, SpanByte> _faster;
    private readonly LogBudget _budget;
    private readonly PageSupply? _supply;
    private readonly EntryWrite _entry = new();
    private readonly ClientSession<SpanByte, SpanByte, Empty, Empty, Empty, EntryFunctions> _session;
    private CaptureState? _capture;
    private long _tail;
    private long _appended;

    public LogWriter(FasterKV<SpanByte, SpanByte> faster, LogBudget budget, PageSupply? supply, IndexMemory? index)
    {
        _faster = faster;
        _budget = budget;
        _supply = supply;
        Index = index;
        Deadlines = new EarliestDeadlines(budget);
        Index?.LayOutIfUsed(keys: 0);
        _session = faster.For(new EntryFunctions(_entry)).NewSession<EntryFunctions>();
        _tail = faster.Log.TailAddress;
    }

    /// <summary>The address below which all records are complete. FASTER's own tail is after the record being written, whose lengths may
    /// not be written yet, so a scan up to that tail could interpret garbage as a record. Safe to read from any thread.</summary>
    public long Tail => Volatile.Read(ref _tail);

    /// <summary>The index whose memory is prepared as the log grows; <see langword="null"/> if that is not needed.</summary>
    public IndexMemory? Index { get; set; }

    /// <summary>The earliest deadline on each page.</summary>
    public EarliestDeadlines Deadlines { get; }

    /// <inheritdoc cref="EntryWrite.DoneBelow"/>
    public long DoneBelow
    {
        get => _entry.DoneBelow;
        set => _entry.DoneBelow = value;
    }

    /// <inheritdoc cref="EntryWrite.Replaces"/>
    public bool Replaces
    {
        get => _entry.Replaces;
        set => _entry.Replaces = value;
    }

    /// <inheritdoc cref="EntryWrite.Keeps"/>
    public PreviousEntry? Previous
    {
        get => _entry.Keeps;
        set => _entry.Keeps = value;
    }

    /// <summary>The capture that is being read, if any.</summary>
    public CaptureState? Capture => Volatile.Read(ref _capture);

    /// <summary>Begins a capture and ends the previous one, which would miss the entries that are overwritten from now on. Called by the
    /// writer only.</summary>
    public void BeginCapture(CaptureState capture)
    {
        _capture?.Abort(CaptureEnd.Replaced);
        Volatile.Write(ref _capture, capture);
    }

    /// <summary>Ends a capture, if it is the current one. Safe to call from any thread.</summary>
    public void EndCapture(CaptureState capture) => Interlocked.CompareExchange(ref _capture, null, capture);

    /// <summary>Sets an entry or, with <paramref name="remove"/>, removes it. The slot of a removed entry is only marked, and is reused for
    /// the key's next entry, so repeated removing and setting does not grow the log. Copying forward drops such slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public EntryWrite Write(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value, bool remove, int outgrownCapacity)
    {
        fixed (byte* bytes = value)
        {
            Upsert(key, _entry.Prepare(metadata, bytes, value.Length, remove, outgrownCapacity));
        }

        if (_entry.Refused)
            return _entry;
        if (_entry.MetEntry)
            _budget.LiveBytes -= _entry.MetBytes;
        if (!remove)
            _budget.LiveBytes += _entry.WrittenBytes;
        return _entry;
    }

    /// <summary>Called by the writer after records have been loaded into the log without this session.</summary>
    public void Loaded(long tail, long entries)
    {
        _budget.Tail = tail;
        _appended += entries;
        Volatile.Write(ref _tail, tail);
        LayOutAhead();
    }

    /// <summary>Copies the record at an address to the tail, if it holds its key's current entry.</summary>
    public void Copy(ReadOnlySpan<byte> key, long address) => Upsert(key, _entry.PrepareCopy(address));

    public void Close() => _session.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Upsert(ReadOnlySpan<byte> key, SpanByte value)
    {
        fixed (byte* bytes = key)
        {
            var spanByte = SpanByte.FromPointer(bytes, key.Length);
            if (_capture is { } capture)
                UpsertCaptured(ref spanByte, ref value, capture);
            else
                UpsertInSession(ref spanByte, ref value);
        }

        if (!_entry.WrittenDeadline.IsNone && _entry.WrittenAt != 0)
            Deadlines.Note(_entry.WrittenAt, _entry.WrittenDeadline);

        // This is done regardless of the result, because even a write that FASTER abandons may have taken space in the log.
        _budget.Tail = _faster.Log.TailAddress;
        if (_entry.AppendedBytes != 0)
            Grow();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void UpsertInSession(ref SpanByte key, ref SpanByte value)
    {
        Empty input = default, output = default;
        _session.Upsert(ref key, ref input, ref value, ref output);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void UpsertCaptured(ref SpanByte key, ref SpanByte value, CaptureState capture)
    {
        capture.BeginWrite();
        _entry.Capture = capture;
        try
        {
            UpsertInSession(ref key, ref value);
        }
        finally
        {
            _entry.Capture = null;
            capture.EndWrite();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Grow()
    {
        _appended++;
        if (_budget.PageOf(_budget.Tail) != _budget.PageOf(_tail))
        {
            NoteEndOfPage();
            LayOutAhead();
        }

        Volatile.Write(ref _tail, _budget.Tail);
    }

    private void NoteEndOfPage()
    {
        var start = _budget.PageStart(_budget.PageOf(_budget.Tail - _entry.AppendedBytes));
        if (start > _tail)
            _budget.EndBytes += start - _tail;
    }

    private void LayOutAhead()
    {
        _supply?.Replenish();
        Index?.LayOutIfUsed(_appended);
    }
}
