using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>What the records of one partition have made of a key since the snapshot: an entry, or its removal.</summary>
/// <remarks>Whether it replaces the entry that the snapshot has is not known when it is written, since that would mean to read the file for
/// each record. It is known to whoever reads both.</remarks>
internal sealed class WrittenEntry(in EntryMetadata metadata, byte[] content, bool removes, WrittenEntry? before)
{
    public readonly EntryMetadata Metadata = metadata;

    // Any of the records may have replaced an entry of another partition. Those after it then follow one of their own partition.
    private readonly long _latestMs = Math.Max(metadata.TimestampMs, before?._latestMs ?? long.MinValue);
    private volatile bool _isCurrent = before?._isCurrent ?? false;

    public byte[] Content => content;

    public bool Removes => removes;

    /// <summary>Whether the snapshot's entry is known to give way.</summary>
    public bool IsCurrent => _isCurrent;

    /// <summary>The tombstone with which it removes what it supersedes.</summary>
    public EntryMetadata Tombstone => Metadata with { TimestampMs = _latestMs };

    /// <summary>Whether the snapshot's entry gives way.</summary>
    public bool Supersedes(in EntryMetadata snapshots) => Tombstone.Supersedes(snapshots);

    public void FoundCurrent() => _isCurrent = true;
}
