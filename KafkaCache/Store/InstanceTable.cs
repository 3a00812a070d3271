using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>The synchronization of a table of decoded instances. The table has a fixed size and consists of sets of four instances. Each
/// set has a stamp, which is odd while a reader installs an instance, and from before a store write to one of the set's keys until after
/// it. A set with an odd stamp accepts no instance.</summary>
/// <remarks>A reader never gets an old instance after a new value is visible, for two reasons. First, the writer removes the key's instance
/// before it writes to the store, so an instance found in the table was current when it was looked up. Second, a reader that finds no
/// instance reads the stamp before it reads the store, and installs an instance only if the stamp is still the same. If a write had begun
/// in the meantime, the stamp would have changed.</remarks>
internal abstract class InstanceTable
{
    protected const int Ways = 4;
    private const int SetBits = 12;
    private const uint MissCountMask = 7;

    private readonly int[] _stamps = new int[1 << SetBits];
    private readonly uint[] _missed = new uint[1 << SetBits];

    /// <param name="firstStamp">The initial stamp, an even number. Stamps increase by two per write, and eventually overflow to negative
    /// numbers. A test starts just before the overflow.</param>
    protected InstanceTable(int firstStamp) => Array.Fill(_stamps, firstStamp);

    /// <summary>Called by the writer before the store write. Returns the argument for <see cref="EndWrite"/>.</summary>
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
            spin.SpinOnce(); // A reader is installing an instance, which takes only a few more instructions.
        }

        TakeOut(set, hash, key);
        return set;
    }

    /// <summary>Called by the writer after the store write.</summary>
    public void EndWrite(int set)
    {
        ref var stamp = ref _stamps[set];
        Volatile.Write(ref stamp, stamp + 1);
    }

    protected static int EntryCount => Ways << SetBits;

    protected static uint HashOf(ReadOnlySpan<byte> key) => (uint)(KeyHash.Of(key) >> 32);

    protected static int SetOf(uint hash) => (int)(hash >> (32 - SetBits));

    protected int StampOf(int set) => Volatile.Read(ref _stamps[set]);

    /// <summary>Whether this key is the one that is remembered as missed in its set. Only such a key may replace another one. Otherwise, if
    /// more keys are read than the table can hold, each key would displace another one before that is read again, which would cost an
    /// allocation per read.</summary>
    protected bool MissedAgain(int set, uint hash)
    {
        ref var missed = ref _missed[set];
        var seen = Volatile.Read(ref missed);
        if ((seen ^ hash) <= MissCountMask)
            return true;
        // The low bits count how many other keys have been missed since. If every missed key were remembered at once, keys that are read
        // alternately would always displace each other. Two readers may overwrite each other's update here, which is harmless.
        var forgotten = (seen & MissCountMask) == MissCountMask;
        Volatile.Write(ref missed, forgotten ? hash & ~MissCountMask : seen + 1);
        return false;
    }

    /// <summary>Closes a set with this even stamp to all other threads, until <see cref="Open"/> is called. Returns whether this
    /// succeeded.</summary>
    protected bool TryClose(int set, int stamp) =>
        (stamp & 1) == 0 && Interlocked.CompareExchange(ref _stamps[set], stamp + 1, stamp) == stamp;

    protected void Open(int set, int stamp) => Volatile.Write(ref _stamps[set], stamp + 2);

    protected abstract void TakeOut(int set, uint hash, ReadOnlySpan<byte> key);
}
