using FASTER.core;

namespace KafkaCaching.Store;

/// <summary>The reader sessions of one store. A session costs 10 µs and 9 KB to make and serves one thread at a time, so idle ones wait in places near
/// the processors. They live in the store object, not in thread statics, which would pin a dead store.</summary>
/// <remarks>The count of living slots, plus one for the open store, says when the last reader has left. It changes only when a slot is made or closed,
/// never on a read.</remarks>
internal sealed class ReaderSlots(FasterKV<SpanByte, SpanByte> faster, SpillFile? spill, Action onLastClosed)
{
    private const int Stride = 8; // eight references to a cache line: neighbours don't share one

    private readonly ReaderSlot?[] _idle = new ReaderSlot?[Stride * Math.Max(8, Environment.ProcessorCount * 4)];
    private int _alive = 1;
    private int _closed;

    public ReaderSlot Take()
    {
        ThrowIfClosed();
        var slot = TakeIdle() ?? Make();
        slot.Lend();
        if (!IsClosed)
            return slot;
        // Closed between the first look and the take: Close may have missed this slot.
        slot.Release();
        throw new ObjectDisposedException(nameof(IStateStore));
    }

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, typeof(IStateStore));

    public void Return(ReaderSlot slot)
    {
        if (!TryPark(slot))
            CloseSlot(slot);
        // Parking is a full barrier. Either Close sees the slot when it sweeps, or this sees that Close has begun, and sweeps.
        if (IsClosed)
            Sweep();
    }

    /// <summary>No reads from here on; those under way finish.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        Sweep();
        Leave();
    }

    private bool IsClosed => Volatile.Read(ref _closed) != 0;

    private ReaderSlot? TakeIdle()
    {
        var start = Thread.GetCurrentProcessorId() * Stride;
        for (var i = 0; i < _idle.Length; i += Stride)
        {
            ref var place = ref _idle[(start + i) % _idle.Length];
            if (Volatile.Read(ref place) is not null && Interlocked.Exchange(ref place, null) is { } slot)
                return slot;
        }

        return null;
    }

    private bool TryPark(ReaderSlot slot)
    {
        var start = Thread.GetCurrentProcessorId() * Stride;
        for (var i = 0; i < _idle.Length; i += Stride)
        {
            ref var place = ref _idle[(start + i) % _idle.Length];
            if (Volatile.Read(ref place) is null && Interlocked.CompareExchange(ref place, slot, null) is null)
                return true;
        }

        return false;
    }

    private ReaderSlot Make()
    {
        Interlocked.Increment(ref _alive);
        var buffer = new ReadBuffer();
        var session = faster.For(new EntryFunctions(buffer)).NewSession<EntryFunctions>();
        return new(this, session, buffer, spill);
    }

    private void Sweep()
    {
        while (TakeIdle() is { } slot)
            CloseSlot(slot);
    }

    private void CloseSlot(ReaderSlot slot)
    {
        slot.Close();
        Leave();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _alive) == 0)
            onLastClosed();
    }
}
