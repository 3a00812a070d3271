using KafkaCaching.Store;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A store that calls delegates before each write, capture and load.</summary>
internal sealed class WatchedStore(IStateStore store, Action<EntryMetadata> beforeWrite) : IStateStore
{
    public Func<long[], EntryCapture, EntryCapture> Captures { get; init; } = static (_, capture) => capture;

    /// <summary>Called when a load begins. Without it, a load writes entry by entry, and each write is reported.</summary>
    public Action? Loads { get; init; }

    /// <summary>Called after each count of the entries.</summary>
    public Action? Counted { get; init; }

    public long Count
    {
        get
        {
            var count = store.Count;
            Counted?.Invoke();
            return count;
        }
    }

    public long MemoryBytes => store.MemoryBytes;

    public int MaxEntryBytes => store.MaxEntryBytes;

    public IEntryObserver? Observer
    {
        get => store.Observer;
        set => store.Observer = value;
    }

    public WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        beforeWrite(metadata);
        return store.Set(key, metadata, content);
    }

    public void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content)
    {
        beforeWrite(metadata);
        store.Replace(key, metadata, content);
    }

    public WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone)
    {
        beforeWrite(tombstone);
        return store.Remove(key, tombstone);
    }

    public void Prefetch(ReadOnlySpan<byte> key) => store.Prefetch(key);

    public IEntryLoad? BeginLoad()
    {
        Loads?.Invoke();
        return Loads is null ? null : store.BeginLoad();
    }

    public EntryCapture? BeginCapture(long[] below) => store.BeginCapture(below) is { } capture ? Captures(below, capture) : null;

    public StoredEntry Read(ReadOnlySpan<byte> key) => store.Read(key);

    public StoreScan Scan(bool includesRemoved = false) => store.Scan(includesRemoved);

    public void Dispose() => store.Dispose();
}
