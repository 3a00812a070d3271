namespace KafkaCaching.Store;

/// <summary>Values decoded once and handed to every later reader as the same instance. Any thread.</summary>
internal sealed class InstanceTable<TValue> : InstanceTable
{
    private readonly DecodedEntry?[] _entries = new DecodedEntry?[SlotCount];

    /// <summary>On a miss, <paramref name="ticket"/> is what <see cref="Install"/> needs: take it before the store is read.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out TValue value, out EntryMetadata metadata, out Ticket ticket)
    {
        var slot = SlotOf(key);
        ticket = new Ticket(slot, StampOf(slot));
        var entry = Volatile.Read(ref _entries[slot]);
        if (entry is not null && key.SequenceEqual(entry.Key))
        {
            (value, metadata) = (entry.Value, entry.Metadata);
            return true;
        }

        (value, metadata) = (default!, default);
        return false;
    }

    /// <summary>Keeps what was decoded after a miss, unless a write came in between.</summary>
    public void Install(Ticket ticket, ReadOnlySpan<byte> key, TValue value, in EntryMetadata metadata)
    {
        if (StampOf(ticket.Slot) != ticket.Stamp || (ticket.Stamp & 1) != 0)
            return;
        var entry = new DecodedEntry(key.ToArray(), value, metadata);
        if (!TryClose(ticket.Slot, ticket.Stamp))
            return;
        Volatile.Write(ref _entries[ticket.Slot], entry);
        Open(ticket.Slot, ticket.Stamp);
    }

    protected override void Empty(int slot) => Volatile.Write(ref _entries[slot], null);

    internal readonly record struct Ticket(int Slot, int Stamp);

    private sealed class DecodedEntry(byte[] key, TValue value, EntryMetadata metadata)
    {
        public byte[] Key { get; } = key;

        public TValue Value { get; } = value;

        public EntryMetadata Metadata { get; } = metadata;
    }
}
