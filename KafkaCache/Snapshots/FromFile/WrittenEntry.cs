using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>The state of a key after the records of one partition since the snapshot: an entry, or its removal.</summary>
/// <remarks>Whether it replaces the snapshot's entry is not known when it is written, because that would require reading the file for each
/// record. A reader that reads both entries can determine it.</remarks>
internal sealed class WrittenEntry(in EntryMetadata metadata, byte[] content, bool removes, WrittenEntry? before)
{
    public readonly EntryMetadata Metadata = metadata;

    // Any of the key's records may have replaced an entry of another partition. The records after it then replaced an entry of their own
    // partition, whatever the timestamps were.
    private readonly long _latestMs = Math.Max(metadata.TimestampMs, before?._latestMs ?? long.MinValue);
    private volatile bool _isCurrent = before?._isCurrent ?? false;

    public byte[] Content => content;

    public bool Removes => removes;

    /// <summary>Whether the snapshot's entry is known to give way.</summary>
    public bool IsCurrent => _isCurrent;

    /// <summary>The tombstone that removes the entry that this one supersedes.</summary>
    public EntryMetadata Tombstone => Metadata with { TimestampMs = _latestMs };

    /// <summary>Whether the snapshot's entry gives way.</summary>
    public bool Supersedes(in EntryMetadata snapshots) => Tombstone.Supersedes(snapshots);

    public void FoundCurrent() => _isCurrent = true;
}
