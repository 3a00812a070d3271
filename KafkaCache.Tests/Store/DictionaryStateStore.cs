using System.Collections.Concurrent;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Store;

/// <summary>The reference implementation of <see cref="IStateStore"/> for the tests: simple code without a limit on memory.</summary>
internal sealed class DictionaryStateStore : IStateStore
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public long Count => _entries.Values.LongCount(e => !e.Metadata.IsQuarantined);

    public long MemoryBytes => 0;

    public int MaxEntryBytes { get; init; } = int.MaxValue;

    public IEntryObserver? Observer { get; set; }

    public WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (key.Length + (long)content.Length > MaxEntryBytes)
            throw new EntryTooLargeException("too large");
        var result = Judge(key, metadata);
        if (result != WriteResult.Refused)
            _entries[Convert.ToHexString(key)] = new(metadata, content.ToArray());
        return result;
    }

    public void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        if (key.Length + (long)content.Length > MaxEntryBytes)
            throw new EntryTooLargeException("too large");
        _entries[Convert.ToHexString(key)] = new(metadata, content.ToArray());
    }

    public WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone)
    {
        var result = Judge(key, tombstone);
        if (result != WriteResult.Refused)
            _entries.TryRemove(Convert.ToHexString(key), out _);
        return result;
    }

    public StoredEntry Read(ReadOnlySpan<byte> key) =>
        _entries.TryGetValue(Convert.ToHexString(key), out var entry) ? new(in entry.Metadata, entry.Value, null) : default;

    public StoreScan Scan(bool includesRemoved = false) => new DictionaryScan(_entries.GetEnumerator());

    public void Dispose()
    {
    }

    private WriteResult Judge(ReadOnlySpan<byte> key, in EntryMetadata next)
    {
        if (!_entries.TryGetValue(Convert.ToHexString(key), out var entry))
            return WriteResult.WasAbsent;
        if (entry.Metadata.Partition == next.Partition)
            return WriteResult.WasPresent;
        return next.Supersedes(entry.Metadata) ? WriteResult.WasInAnotherPartition : WriteResult.Refused;
    }

    private sealed class Entry(in EntryMetadata metadata, byte[] value)
    {
        public readonly EntryMetadata Metadata = metadata;

        public byte[] Value { get; } = value;
    }

    private sealed class DictionaryScan(IEnumerator<KeyValuePair<string, Entry>> entries) : StoreScan
    {
        public override ReadOnlySpan<byte> Key => Convert.FromHexString(entries.Current.Key);

        public override ReadOnlySpan<byte> Content => entries.Current.Value.Value;

        public override EntryMetadata Metadata => entries.Current.Value.Metadata;

        public override bool MoveNext() => entries.MoveNext();

        public override void Dispose() => entries.Dispose();
    }
}
