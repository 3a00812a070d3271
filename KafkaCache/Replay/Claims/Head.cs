using KafkaCaching.Store.Entries;

namespace KafkaCaching.Replay.Claims;

/// <summary>The last record of a record key in one partition, and what it yields.</summary>
internal sealed class Head(in EntryMetadata metadata, YieldedEntry[] entries)
{
    private EntryMetadata _metadata = metadata;

    public ref readonly EntryMetadata Metadata => ref _metadata;

    public int Partition => _metadata.Partition;

    public YieldedEntry[] Entries { get; private set; } = entries;

    /// <summary>The head of the same record key in another partition, where there is one: it is older.</summary>
    public Head? Older { get; set; }

    /// <summary>A tombstone, or a record that yields nothing.</summary>
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

    /// <summary>A later record of the same partition takes its place.</summary>
    public void Become(Head next) => (_metadata, Entries) = (next._metadata, next.Entries);
}
