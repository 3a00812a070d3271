using System.Runtime.CompilerServices;
using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Sessions;

/// <summary>A FASTER session with its buffer, for one thread at a time. It is taken from <see cref="ReaderSlots"/> and returned with
/// <see cref="Release"/>.</summary>
internal sealed unsafe class ReaderSlot(
    ReaderSlots home, ClientSession<SpanByte, SpanByte, Empty, Empty, Empty, EntryFunctions> session, ReadBuffer buffer, SpillFile? spill,
    bool hasPlace) : IEntryLease
{
    private const int Idle = 0;
    private const int Lent = 1;
    private const int Closed = 2;

    private int _state = Lent;

    public ReadBuffer Buffer => buffer;

    public bool TryLend() => Volatile.Read(ref _state) == Idle && Interlocked.CompareExchange(ref _state, Lent, Idle) == Idle;

    /// <summary>Returns the slot. A second call is harmless as long as no other thread has taken the slot in the meantime.</summary>
    public void Release()
    {
        if (Volatile.Read(ref _state) != Lent)
            return;
        buffer.Trim();
        if (hasPlace)
        {
            Volatile.Write(ref _state, Idle);
            home.Returned();
        }
        else
        {
            home.CloseLent(this);
        }
    }

    /// <summary>Closes the session permanently. Called by the current borrower.</summary>
    public void Close()
    {
        _state = Closed;
        session.Dispose();
    }

    /// <summary>Reads the key's entry into the buffer. Returns whether there is one.</summary>
    // This method must not be inlined. FASTER's code would use up the caller's inlining budget, and the smallest steps of a read would
    // become calls.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool ReadEntry(ReadOnlySpan<byte> key)
    {
        buffer.RecordOnly = false;
        fixed (byte* bytes = key)
        {
            var spanByte = SpanByte.FromPointer(bytes, key.Length);
            var spin = new SpinWait();
            while (true)
            {
                Empty input = default, output = default;
                var givenUpBelow = spill is null ? 0 : spill.GivenUpBelow;
                buffer.Outcome = ReadOutcome.Nothing;
                if (session.Read(ref spanByte, ref input, ref output).IsPending)
                    Complete();
                if (buffer.Outcome == ReadOutcome.Nothing && spill is not null && spill.GivenUpBelow != givenUpBelow)
                    continue; // The entry may have been on a page that was freed in the meantime. It was written again before that.
                if (buffer.Outcome != ReadOutcome.Busy)
                    return buffer.Outcome == ReadOutcome.Found && !buffer.Removed;
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Returns the number of bytes in the log that the entry that was just read would take if it were copied.</summary>
    public int BytesIfCopied(int keyLength) => EntryWrite.BytesIfCopied(
        keyLength, buffer.Capacity, EntryLayout.BytesOfMore(buffer.Metadata) + buffer.Content.Length);

    /// <summary>Reads the key and the size of the record that begins at an address, whether or not it is its key's current record.
    /// <see cref="ReadOutcome.Nothing"/> means that the address has been freed.</summary>
    public ReadOutcome ReadRecord(long address)
    {
        Empty input = default, output = default;
        var options = default(ReadOptions);
        SetStartAddress(ref options, address);
        buffer.RecordOnly = true;
        buffer.Outcome = ReadOutcome.Nothing;
        if (session.ReadAtAddress(ref input, ref output, ref options).IsPending)
            Complete();
        return buffer.Outcome;
    }

    /// <summary>FASTER 2.6.5 supports reads by address, but the property for the address has no public setter.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_StartAddress")]
    private static extern void SetStartAddress(ref ReadOptions options, long address);

    // The loop repeats if FASTER requests another read while it completes the operation.
    private void Complete()
    {
        do
            SpillFile.CarryOutReads();
        while (!session.CompletePending(wait: false));
        spill?.ThrowIfFailed();
    }
}
