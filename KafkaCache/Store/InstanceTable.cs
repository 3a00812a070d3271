using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>The stamps of a fixed-size table of decoded instances, by key bytes, in sets of four. A set's stamp is odd from before a store
/// write of one of its keys until after it, and while a reader installs; an odd set accepts nothing.</summary>
/// <remarks>Why a reader never sees an old instance after a new value: the writer takes the key's instance out before it writes the store,
/// so that one found in the table was true when it was looked up. A reader that missed remembers the stamp from before its store read, and
/// installs only if it can raise that very stamp: had a write begun in between, the stamp would have moved.</remarks>
internal abstract class InstanceTable
{
    protected const int Ways = 4;
    private const int SetBits = 12;
    private const uint MissCountMask = 7;

    private readonly int[] _stamps = new int[1 << SetBits];
    private readonly uint[] _missed = new uint[1 << SetBits];

    /// <param name="firstStamp">Even. Stamps go up by two a write and come round through the negative numbers; a test begins just
    /// before.</param>
    protected InstanceTable(int firstStamp) => Array.Fill(_stamps, firstStamp);

    /// <summary>Writer only, before the store write. Returns what <see cref="EndWrite"/> takes.</summary>
    public int BeginWrite(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        var set = SetOf(hash);
        ref var stamp = ref _stamps[set];
        var spin = default(SpinWait);
        while (true)
        {
            var seen = Volatile.Read(ref stamp);
            if ((seen & 1) == 0 && Interlocked.CompareExchange(ref stamp, seen + 1, seen) == seen)
                break;
            spin.SpinOnce(); // A reader is installing: a few writes away from done.
        }

        TakeOut(set, hash, key);
        return set;
    }

    /// <summary>Writer only, after the store write.</summary>
    public void EndWrite(int set)
    {
        ref var stamp = ref _stamps[set];
        Volatile.Write(ref stamp, stamp + 1);
    }

    protected static int EntryCount => Ways << SetBits;

    protected static uint HashOf(ReadOnlySpan<byte> key) => (uint)(KeyHash.Of(key) >> 32);

    protected static int SetOf(uint hash) => (int)(hash >> (32 - SetBits));

    protected int StampOf(int set) => Volatile.Read(ref _stamps[set]);

    /// <summary>Whether this key is the one remembered as missed in its set. Only such a key takes the place of another: where more keys
    /// are read than the table holds, each would else throw out one before it is read again, at the price of an allocation for every
    /// read.</summary>
    protected bool MissedAgain(int set, uint hash)
    {
        ref var missed = ref _missed[set];
        var seen = Volatile.Read(ref missed);
        if ((seen ^ hash) <= MissCountMask)
            return true;
        // The low bits count how many others were missed since. Were each remembered at once, keys read in turns would forget each other
        // for ever. What two readers write over each other does no harm.
        var forgotten = (seen & MissCountMask) == MissCountMask;
        Volatile.Write(ref missed, forgotten ? hash & ~MissCountMask : seen + 1);
        return false;
    }

    /// <summary>Closes an even set to everyone else; <see cref="Open"/> it again.</summary>
    protected bool TryClose(int set, int stamp) =>
        (stamp & 1) == 0 && Interlocked.CompareExchange(ref _stamps[set], stamp + 1, stamp) == stamp;

    protected void Open(int set, int stamp) => Volatile.Write(ref _stamps[set], stamp + 2);

    protected abstract void TakeOut(int set, uint hash, ReadOnlySpan<byte> key);
}
