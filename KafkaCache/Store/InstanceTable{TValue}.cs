using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Values decoded once and handed to every later reader as the same instance. Any thread.</summary>
internal sealed class InstanceTable<TValue>(int firstStamp = 0) : InstanceTable(firstStamp)
{
    private readonly Way[] _ways = new Way[EntryCount];

    /// <summary>On a miss, <paramref name="ticket"/> is what <see cref="Install"/> needs: take it before the store is read.</summary>
    public DecodedEntry<TValue>? Find(ReadOnlySpan<byte> key, out Ticket ticket)
    {
        var hash = HashOf(key);
        var set = SetOf(hash);
        foreach (ref var way in WaysOf(set))
        {
            // The hash only saves looking at entries elsewhere in memory; it may be another entry's by the time the entry is read.
            if (way.Hash == hash && Volatile.Read(ref way.Entry) is { } entry && key.SequenceEqual(entry.Key))
            {
                ticket = default;
                return entry;
            }
        }

        // Not before: a hit would touch a line of memory more.
        ticket = new Ticket(hash, StampOf(set));
        return null;
    }

    /// <summary>Keeps what was decoded after a miss, where there is room or the key is missed again, unless a write came in
    /// between.</summary>
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

    /// <summary>An empty way, or else each in its turn.</summary>
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
