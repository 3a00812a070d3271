using System.Runtime.CompilerServices;
using FASTER.core;

namespace KafkaCaching.Store;

/// <summary>A FASTER session with its buffer, used by one thread at a time: taken from <see cref="ReaderSlots"/>, given back by <see cref="Release"/>.</summary>
internal sealed unsafe class ReaderSlot(
    ReaderSlots home, ClientSession<SpanByte, SpanByte, Empty, Empty, Empty, EntryFunctions> session, ReadBuffer buffer, SpillFile? spill, bool hasPlace) : IEntryLease
{
    private int _lent = 1;

    public ReadBuffer Buffer => buffer;

    /// <summary>Whether it stays for later readers.</summary>
    public bool HasPlace => hasPlace;

    public bool TryLend() => Volatile.Read(ref _lent) == 0 && Interlocked.CompareExchange(ref _lent, 1, 0) == 0;

    /// <summary>A second call is harmless as long as nobody has taken the slot in between.</summary>
    public void Release()
    {
        if (_lent == 0)
            return;
        buffer.Trim();
        Volatile.Write(ref _lent, 0);
        home.Returned(this);
    }

    public void Close() => session.Dispose();

    /// <summary>Reads the key's entry into the buffer. True when one stands there.</summary>
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
                buffer.Outcome = ReadOutcome.Nothing;
                if (session.Read(ref spanByte, ref input, ref output).IsPending)
                    Complete();
                if (buffer.Outcome != ReadOutcome.Busy)
                    return buffer.Outcome == ReadOutcome.Found && !buffer.Removed;
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Reads key and size of the record that begins at an address, current or not. <see cref="ReadOutcome.Nothing"/>: the address was freed.</summary>
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

    /// <summary>FASTER 2.6.5 has reads by address, but left the address they need without a public setter.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_StartAddress")]
    private static extern void SetStartAddress(ref ReadOptions options, long address);

    private void Complete()
    {
        session.CompletePending(wait: true);
        spill?.ThrowIfFailed();
    }
}
