using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>The state of a key after the records of one partition since the snapshot: an entry, or its removal.</summary>
/// <remarks>Whether this state replaces the snapshot's entry is not known when it is written, because the file would have to be read for
/// each record. A reader, which reads both, can determine it.</remarks>
internal sealed class WrittenEntry(in EntryMetadata metadata, byte[] content, bool removes, WrittenEntry? before)
{
    public readonly EntryMetadata Metadata = metadata;

    // Any of the key's records since the snapshot may have replaced an entry of another partition. The records after it then replaced an
    // entry of their own partition, regardless of the timestamps. Therefore, the latest timestamp of all these records counts.
    private readonly long _latestMs = Math.Max(metadata.TimestampMs, before?._latestMs ?? long.MinValue);
    private volatile bool _isCurrent = before?._isCurrent ?? false;

    public byte[] Content => content;

    public bool Removes => removes;

    /// <summary>Whether this state is known to replace the snapshot's entry.</summary>
    public bool IsCurrent => _isCurrent;

    /// <summary>The metadata of a tombstone that removes the snapshot's entry if this state supersedes it.</summary>
    public EntryMetadata Tombstone => Metadata with { TimestampMs = _latestMs };

    /// <summary>Whether this state replaces the snapshot's entry.</summary>
    public bool Supersedes(in EntryMetadata snapshots) => Tombstone.Supersedes(snapshots);

    public void FoundCurrent() => _isCurrent = true;
}
