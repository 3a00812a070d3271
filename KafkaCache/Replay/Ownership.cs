using KafkaCaching.Store;

namespace KafkaCaching.Replay;

/// <summary>Which record key yielded which entry keys. Replay thread only.</summary>
internal sealed class Ownership
{
    private readonly Dictionary<byte[], OwnedKeys> _byRecordKey = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], byte[]> _recordKeyByEntryKey = new(ByteComparer.Instance);
    private readonly Dictionary<byte[], OwnedKeys>.AlternateLookup<ReadOnlySpan<byte>> _lookUpRecordKey;
    private readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookUpEntryKey;

    public Ownership()
    {
        _lookUpRecordKey = _byRecordKey.GetAlternateLookup<ReadOnlySpan<byte>>();
        _lookUpEntryKey = _recordKeyByEntryKey.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public OwnedKeys? Of(ReadOnlySpan<byte> recordKey) => _lookUpRecordKey.TryGetValue(recordKey, out var owned) ? owned : null;

    public bool MayOwn(ReadOnlySpan<byte> recordKey, ReadOnlySpan<byte> entryKey) =>
        !_lookUpEntryKey.TryGetValue(entryKey, out var owner) || recordKey.SequenceEqual(owner);

    public void Replace(ReadOnlySpan<byte> recordKey, OwnedKeys? previous, byte[][] entryKeys, in EntryMetadata metadata)
    {
        if (previous is not null)
        {
            foreach (var entryKey in previous.Keys)
                _recordKeyByEntryKey.Remove(entryKey);
        }

        if (entryKeys.Length == 0)
        {
            if (previous is not null)
                _byRecordKey.Remove(previous.RecordKey);
            return;
        }

        var owner = previous?.RecordKey ?? recordKey.ToArray();
        _byRecordKey[owner] = new OwnedKeys(owner, entryKeys, metadata);
        foreach (var entryKey in entryKeys)
            _recordKeyByEntryKey[entryKey] = owner;
    }
}
