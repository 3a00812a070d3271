using System.Collections.Concurrent;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Snapshots.FromFile;

/// <summary>The last write of each key since a snapshot. One writer, any number of readers.</summary>
internal sealed class WritesSince(long mostBytes)
{
    private const int BytesOfEntry = 200; // Of its objects, about.

    private const int FirstCapacity = 1 << 14;

    private readonly ConcurrentDictionary<byte[], WrittenEntry> _entries = new(concurrencyLevel: 1, FirstCapacity, ByteComparer.Instance);
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public IEnumerable<KeyValuePair<byte[], WrittenEntry>> All => _entries;

    public WrittenEntry? Find(ReadOnlySpan<byte> key) =>
        _entries.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var written) ? written : null;

    /// <summary>Writer only.</summary>
    /// <returns>Whether the write could be noted. It can't where there is no more room, and where the key's last write was of another
    /// partition: which of them holds depends on the snapshot's entry.</returns>
    public bool TryNote(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content, bool removes)
    {
        var before = Find(key);
        if (_bytes >= mostBytes || (before is not null && before.Metadata.Partition != metadata.Partition))
            return false;
        _entries.GetAlternateLookup<ReadOnlySpan<byte>>()[key] = new WrittenEntry(metadata, content.ToArray(), removes, before);
        var added = content.Length - (long)(before?.Content.Length ?? -key.Length - BytesOfEntry);
        Volatile.Write(ref _bytes, _bytes + added);
        return true;
    }
}
