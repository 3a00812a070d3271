using System.Numerics;
using FASTER.core;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Spill;

namespace KafkaCaching.Store.Sessions;

/// <summary>The reader sessions of one store. A session takes 10 µs and 9 KB to create, and can be used by only one thread at a time.
/// Sessions are therefore pooled, with places for each processor. They are stored in this object and not in thread-static fields, which
/// would keep an unused store in memory.</summary>
/// <remarks>The number of slots that are not closed, plus one for the open store, shows when the last reader has finished. It changes only
/// when a slot is created or closed, never on a read.</remarks>
internal sealed class ReaderSlots(FasterKV<SpanByte, SpanByte> faster, SpillFile? spill, Action onLastClosed)
{
    private const int Stride = 8; // A cache line holds eight references, so no two places share one.

    private readonly ReaderSlot?[] _places =
        new ReaderSlot?[Stride * (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, Environment.ProcessorCount * 4))];
    private int _alive = 1;
    private int _closed;

    /// <summary>Takes a slot for one read.</summary>
    public ReaderSlot Take()
    {
        ThrowIfClosed();
        return UnlessClosed(Lend());
    }

    /// <summary>Creates a slot for long-term use. It is not pooled, so it does not occupy a place that reads could use.</summary>
    public ReaderSlot TakeOwn()
    {
        ThrowIfClosed();
        return UnlessClosed(Make(hasPlace: false));
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, typeof(IStateStore));

    /// <summary>Called after a pooled slot has been returned by a plain write. That write and the check of <c>_closed</c> here must not be
    /// reordered, which Close ensures with a process-wide barrier. Then either Close finds the slot in its sweep, or this method sees that
    /// Close has begun, and sweeps itself.</summary>
    public void Returned()
    {
        if (IsClosed)
            Sweep();
    }

    /// <summary>Closes a slot that is lent to the caller, so that no thread takes it again.</summary>
    public void CloseLent(ReaderSlot slot)
    {
        slot.Close();
        Leave();
    }

    /// <summary>Prevents new reads. Reads in progress finish.</summary>
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
        // The store was closed after the first check and before the slot was lent, so Close may have missed this slot.
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

        // There are more concurrent readers than places, so this slot is only for this read.
        return Make(hasPlace: false);
    }

    private ReaderSlot? TrySettle(ref ReaderSlot? place)
    {
        var made = Make(hasPlace: true);
        if (Interlocked.CompareExchange(ref place, made, null) is null)
            return made;
        CloseLent(made); // Another thread has put a slot into this place first.
        return null;
    }

    /// <summary>Creates a slot that is lent to the caller.</summary>
    private ReaderSlot Make(bool hasPlace)
    {
        Interlocked.Increment(ref _alive);
        var buffer = new ReadBuffer();
        var session = faster.For(new EntryFunctions(buffer)).NewSession<EntryFunctions>();
        return new(this, session, buffer, spill, hasPlace);
    }

    // A slot that is currently lent is swept by the thread that returns it.
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
