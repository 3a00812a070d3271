using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>A store whose writes clear the decoded instance of their key. The key's set in the table is closed from before the write until
/// after it.</summary>
internal sealed class InstanceClearingStore(IStateStore store, InstanceTable instances) : IStateStore
{
    public long Count => store.Count;

    public long MemoryBytes => store.MemoryBytes;

    public int MaxEntryBytes => store.MaxEntryBytes;

    public WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value)
    {
        var set = instances.BeginWrite(key);
        try
        {
            return store.Set(key, metadata, value);
        }
        finally
        {
            instances.EndWrite(set);
        }
    }

    public void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value)
    {
        var set = instances.BeginWrite(key);
        try
        {
            store.Replace(key, metadata, value);
        }
        finally
        {
            instances.EndWrite(set);
        }
    }

    public WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone)
    {
        var set = instances.BeginWrite(key);
        try
        {
            return store.Remove(key, tombstone);
        }
        finally
        {
            instances.EndWrite(set);
        }
    }

    public void Prefetch(ReadOnlySpan<byte> key) => store.Prefetch(key);

    public StoredEntry Read(ReadOnlySpan<byte> key) => store.Read(key);

    public StoreScan Scan() => store.Scan();

    public void Dispose() => store.Dispose();
}
