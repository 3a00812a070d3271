using System.Numerics;
using FASTER.core;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Faster;

/// <summary>The reader sessions of one store. A session costs 10 µs and 9 KB to make and serves one thread at a time, so they stay in
/// places near the processors and are lent from there. They live in the store object, not in thread statics, which would pin a dead
/// store.</summary>
/// <remarks>The count of living slots, plus one for the open store, says when the last reader has left. It changes only when a slot is made
/// or closed, never on a read.</remarks>
internal sealed class ReaderSlots(FasterKV<SpanByte, SpanByte> faster, SpillFile? spill, Action onLastClosed)
{
    private const int Stride = 8; // eight references to a cache line: neighbours don't share one

    private readonly ReaderSlot?[] _places =
        new ReaderSlot?[Stride * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, Environment.ProcessorCount * 4))];
    private int _alive = 1;
    private int _closed;

    /// <summary>A slot for one read.</summary>
    public ReaderSlot Take()
    {
        ThrowIfClosed();
        return UnlessClosed(Lend());
    }

    /// <summary>A slot for long: one of its own, so that no place is taken from the reads.</summary>
    public ReaderSlot TakeOwn()
    {
        ThrowIfClosed();
        return UnlessClosed(Make(hasPlace: false));
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, typeof(IStateStore));

    /// <summary>A slot with a place is no longer lent. Its end as a loan was a plain write: it is Close that pays for the order between
    /// that and the look at <c>_closed</c> here, with a barrier in every thread. Either Close finds the slot when it sweeps, or this finds
    /// that Close has begun, and sweeps.</summary>
    public void Returned()
    {
        if (IsClosed)
            Sweep();
    }

    /// <summary>Closes a slot lent to the caller: nobody takes it again.</summary>
    public void CloseLent(ReaderSlot slot)
    {
        slot.Close();
        Leave();
    }

    /// <summary>No reads from here on; those under way finish.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        Interlocked.MemoryBarrierProcessWide();
        Sweep();
        Leave();
    }

    private bool IsClosed => Volatile.Read(ref _closed) != 0;

    private ReaderSlot UnlessClosed(ReaderSlot slot)
    {
        if (!IsClosed)
            return slot;
        // Closed between the first look and the loan: Close may have missed this slot.
        slot.Release();
        throw new ObjectDisposedException(nameof(IStateStore));
    }

    private ReaderSlot Lend()
    {
        var start = Thread.GetCurrentProcessorId() * Stride;
        for (var i = 0; i < _places.Length; i += Stride)
        {
            ref var place = ref _places[(start + i) & (_places.Length - 1)];
            if (Volatile.Read(ref place) is { } slot)
            {
                if (slot.TryLend())
                    return slot;
            }
            else if (TrySettle(ref place) is { } settled)
            {
                return settled;
            }
        }

        // More readers at once than places: one for this read alone.
        return Make(hasPlace: false);
    }

    private ReaderSlot? TrySettle(ref ReaderSlot? place)
    {
        var made = Make(hasPlace: true);
        if (Interlocked.CompareExchange(ref place, made, null) is null)
            return made;
        CloseLent(made); // Another thread was first.
        return null;
    }

    /// <summary>Makes a slot, lent to the caller.</summary>
    private ReaderSlot Make(bool hasPlace)
    {
        Interlocked.Increment(ref _alive);
        var buffer = new ReadBuffer();
        var session = faster.For(new EntryFunctions(buffer)).NewSession<EntryFunctions>();
        return new(this, session, buffer, spill, hasPlace);
    }

    // Those that are lent are swept by whoever returns them.
    private void Sweep()
    {
        for (var i = 0; i < _places.Length; i += Stride)
        {
            if (Volatile.Read(ref _places[i]) is { } slot && slot.TryLend())
                CloseLent(slot);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _alive) == 0)
            onLastClosed();
    }
}
