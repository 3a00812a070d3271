using System.Collections.Concurrent;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>The last write of each key since a snapshot, for one writer and any number of readers.</summary>
internal sealed class WritesSince(long maxBytes)
{
    private const int BytesOfEntry = 200; // The approximate size of the objects of one entry.

    private const int FirstCapacity = 1 << 14;

    private readonly ConcurrentDictionary<byte[], WrittenEntry> _entries = new(concurrencyLevel: 1, FirstCapacity, ByteComparer.Instance);
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public IEnumerable<KeyValuePair<byte[], WrittenEntry>> All => _entries;

    public WrittenEntry? Find(ReadOnlySpan<byte> key) =>
        _entries.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var written) ? written : null;

    /// <summary>Records a write. Called by the writer only.</summary>
    /// <returns>Whether the write was recorded. It is not if there is no more room, or if the key's last write came from another partition,
    /// because the snapshot's entry then influences which of the two writes wins.</returns>
    public bool TryNote(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content, bool removes)
    {
        var before = Find(key);
        if (_bytes >= maxBytes || (before is not null && before.Metadata.Partition != metadata.Partition))
            return false;
        _entries.GetAlternateLookup<ReadOnlySpan<byte>>()[key] = new WrittenEntry(metadata, content.ToArray(), removes, before);
        var added = content.Length - (long)(before?.Content.Length ?? -key.Length - BytesOfEntry);
        Volatile.Write(ref _bytes, _bytes + added);
        return true;
    }
}
