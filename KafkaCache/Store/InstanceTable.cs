using FASTER.core;

namespace KafkaCaching.Store;

/// <summary>The stamps of a fixed-size table of decoded instances, by key bytes. A slot's stamp is odd from before a store write of one of its keys
/// until after it, and while a reader installs; an odd slot neither serves nor accepts.</summary>
/// <remarks>Why a reader never sees an old instance after a new value: the writer empties the slot before it writes the store, so an instance
/// found in a slot was true when it was looked up. A reader that missed remembers the stamp from before its store read, and installs only if it can
/// raise that very stamp: had a write begun in between, the stamp would have moved.</remarks>
internal abstract class InstanceTable
{
    private const int Slots = 1 << 14;

    private readonly int[] _stamps = new int[Slots];

    /// <summary>Writer only, before the store write.</summary>
    public void BeginWrite(ReadOnlySpan<byte> key)
    {
        var slot = SlotOf(key);
        ref var stamp = ref _stamps[slot];
        var spin = default(SpinWait);
        while (true)
        {
            var seen = Volatile.Read(ref stamp);
            if ((seen & 1) == 0 && Interlocked.CompareExchange(ref stamp, seen + 1, seen) == seen)
                break;
            spin.SpinOnce(); // A reader is installing: two writes away from done.
        }

        Empty(slot);
    }

    /// <summary>Writer only, after the store write.</summary>
    public void EndWrite(ReadOnlySpan<byte> key)
    {
        ref var stamp = ref _stamps[SlotOf(key)];
        Volatile.Write(ref stamp, stamp + 1);
    }

    protected static int SlotCount => Slots;

    protected static unsafe int SlotOf(ReadOnlySpan<byte> key)
    {
        fixed (byte* bytes = key)
            return (int)Utility.HashBytes(bytes, key.Length) & (Slots - 1);
    }

    protected int StampOf(int slot) => Volatile.Read(ref _stamps[slot]);

    /// <summary>Closes an even slot to everyone else; <see cref="Open"/> it again.</summary>
    protected bool TryClose(int slot, int stamp) => (stamp & 1) == 0 && Interlocked.CompareExchange(ref _stamps[slot], stamp + 1, stamp) == stamp;

    protected void Open(int slot, int stamp) => Volatile.Write(ref _stamps[slot], stamp + 2);

    protected abstract void Empty(int slot);
}
