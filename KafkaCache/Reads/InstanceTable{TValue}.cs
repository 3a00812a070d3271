using KafkaCaching.Store;

namespace KafkaCaching.Reads;

/// <summary>Decoded values that are returned to every later reader as the same instance. Safe to use from any thread.</summary>
internal sealed class InstanceTable<TValue>(int firstStamp = 0) : InstanceTable(firstStamp)
{
    private readonly Way[] _ways = new Way[EntryCount];

    /// <summary>Finds an instance. On a miss, <paramref name="ticket"/> is the argument for <see cref="Install"/>. It must be obtained
    /// before the store is read.</summary>
    public DecodedEntry<TValue>? Find(ReadOnlySpan<byte> key, out Ticket ticket)
    {
        var hash = HashOf(key);
        var set = SetOf(hash);
        foreach (ref var way in WaysOf(set))
        {
            // The hash only saves a read of the entry, which is elsewhere in memory. By the time the entry is read, the hash may belong to
            // a different entry.
            if (way.Hash == hash && Volatile.Read(ref way.Entry) is { } entry && key.SequenceEqual(entry.Key))
            {
                ticket = default;
                return entry;
            }
        }

        // The stamp is read only on a miss, because on a hit, reading it would touch another cache line.
        ticket = new Ticket(hash, StampOf(set));
        return null;
    }

    /// <summary>Keeps a value that was decoded after a miss, if the set has room or the key has been missed before, and if the set has had
    /// no write since the miss.</summary>
    public void Install(Ticket ticket, ReadOnlySpan<byte> key, in CacheEntry<TValue> decoded)
    {
        var set = SetOf(ticket.Hash);
        if (StampOf(set) != ticket.Stamp || !(HasRoom(set) || MissedAgain(set, ticket.Hash)))
            return;
        var entry = new DecodedEntry<TValue>(key.ToArray(), decoded);
        if (!TryClose(set, ticket.Stamp))
            return;
        ref var way = ref Place(set, ticket.Stamp);
        Volatile.Write(ref way.Entry, entry);
        way.Hash = ticket.Hash;
        Open(set, ticket.Stamp);
    }

    protected override void TakeOut(int set, uint hash, ReadOnlySpan<byte> key)
    {
        foreach (ref var way in WaysOf(set))
        {
            if (way.Hash == hash && way.Entry is { } entry && key.SequenceEqual(entry.Key))
                Volatile.Write(ref way.Entry, null);
        }
    }

    private bool HasRoom(int set)
    {
        foreach (ref var way in WaysOf(set))
        {
            if (Volatile.Read(ref way.Entry) is null)
                return true;
        }

        return false;
    }

    /// <summary>Returns an empty way or, if there is none, the next one in rotation.</summary>
    private ref Way Place(int set, int stamp)
    {
        foreach (ref var way in WaysOf(set))
        {
            if (way.Entry is null)
                return ref way;
        }

        return ref WaysOf(set)[(stamp >>> 1) & (Ways - 1)];
    }

    private Span<Way> WaysOf(int set) => _ways.AsSpan(set * Ways, Ways);

    internal readonly record struct Ticket(uint Hash, int Stamp);

    private struct Way
    {
        public DecodedEntry<TValue>? Entry;
        public uint Hash;
    }
}
