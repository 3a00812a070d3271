using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>The stamps of a fixed-size table of decoded instances, by key bytes, in sets of four. A set's stamp is odd while a reader
/// installs an instance, and from before a store write of one of its keys until after it. A set with an odd stamp accepts
/// nothing.</summary>
/// <remarks>A reader never sees an old instance after a new value, for two reasons. The writer removes the key's instance before it writes
/// the store, so an instance found in the table was current when it was looked up. A reader that missed remembers the stamp from before its
/// store read, and installs an instance only if it can increment exactly that stamp. If a write had begun in between, the stamp would have
/// changed.</remarks>
internal abstract class InstanceTable
{
    protected const int Ways = 4;
    private const int SetBits = 12;
    private const uint MissCountMask = 7;

    private readonly int[] _stamps = new int[1 << SetBits];
    private readonly uint[] _missed = new uint[1 << SetBits];

    /// <param name="firstStamp">An even number. Stamps increase by two per write and wrap around through the negative numbers. A test
    /// starts just before the wrap.</param>
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
            spin.SpinOnce(); // A reader is installing an instance and needs only a few more writes.
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

    /// <summary>Whether this key is the one remembered as missed in its set. Only such a key may replace another. Otherwise, if more keys
    /// are read than the table holds, each key would evict another before that one is read again, at the cost of an allocation per
    /// read.</summary>
    protected bool MissedAgain(int set, uint hash)
    {
        ref var missed = ref _missed[set];
        var seen = Volatile.Read(ref missed);
        if ((seen ^ hash) <= MissCountMask)
            return true;
        // The low bits count how many other keys have been missed since. If every missed key were remembered at once, keys read in turns
        // would always displace each other. Two readers may overwrite each other's update here, which does no harm.
        var forgotten = (seen & MissCountMask) == MissCountMask;
        Volatile.Write(ref missed, forgotten ? hash & ~MissCountMask : seen + 1);
        return false;
    }

    /// <summary>Closes a set with an even stamp to everyone else. <see cref="Open"/> ends this.</summary>
    protected bool TryClose(int set, int stamp) =>
        (stamp & 1) == 0 && Interlocked.CompareExchange(ref _stamps[set], stamp + 1, stamp) == stamp;

    protected void Open(int set, int stamp) => Volatile.Write(ref _stamps[set], stamp + 2);

    protected abstract void TakeOut(int set, uint hash, ReadOnlySpan<byte> key);
}
