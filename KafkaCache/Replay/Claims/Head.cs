using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The last record of a record key in one partition, and the entries that it yields.</summary>
internal sealed class Head(in EntryMetadata metadata, YieldedEntry[] entries)
{
    private EntryMetadata _metadata = metadata;

    public ref readonly EntryMetadata Metadata => ref _metadata;

    public int Partition => _metadata.Partition;

    public YieldedEntry[] Entries { get; private set; } = entries;

    /// <summary>The next older head of the same record key, which is in another partition, if there is one.</summary>
    public Head? Older { get; set; }

    /// <summary>Whether the head yields no entries: it is a tombstone, or a record for which the resolver yields nothing.</summary>
    public bool IsSilent => Entries.Length == 0;

    public bool Supersedes(Head other) => _metadata.Supersedes(other._metadata);

    public bool Yields(ReadOnlySpan<byte> key)
    {
        foreach (ref readonly var entry in Entries.AsSpan())
        {
            if (key.SequenceEqual(entry.Key))
                return true;
        }

        return false;
    }

    public void DropValues()
    {
        foreach (ref var entry in Entries.AsSpan())
            entry.Value = null;
    }

    /// <summary>Replaces the content with that of a later record of the same partition.</summary>
    public void Become(Head next) => (_metadata, Entries) = (next._metadata, next.Entries);
}
