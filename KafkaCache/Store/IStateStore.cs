using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Key bytes to entry: one writer at a time, any number of readers beside it, no Kafka.</summary>
/// <remarks>A store that spills throws an <see cref="IOException"/> naming the option from whatever needs its file, once that could not be
/// written or read. Dispose of it from the writer, or after the writer has ended: reads and scans under way then finish, and new ones throw
/// <see cref="ObjectDisposedException"/>.</remarks>
internal interface IStateStore : IDisposable
{
    /// <summary>Good entries, exact; quarantined ones are left out. Any thread.</summary>
    long Count { get; }

    /// <summary>Bytes held in memory: log pages and index. Any thread.</summary>
    long MemoryBytes { get; }

    /// <summary>The most bytes that a key and its value may have together.</summary>
    int MaxEntryBytes { get; }

    /// <summary>Writer only. Puts an entry, unless one of another partition stands that it does not supersede.</summary>
    /// <exception cref="EntryTooLargeException">Key and value are over <see cref="MaxEntryBytes"/>; nothing changed.</exception>
    /// <exception cref="StoreFullException">The memory budget is spent; nothing changed and nothing was lost.</exception>
    WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value);

    /// <summary>Writer only. Puts an entry whatever stands under its key: the caller has judged. Throws as <see cref="Set"/>
    /// does.</summary>
    void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> value);

    /// <summary>Writer only. Takes an entry out, unless one of another partition stands that the tombstone does not supersede. Works in a
    /// full store, too.</summary>
    WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone);

    /// <summary>Writer only. A hint: this key is to be written soon.</summary>
    void Prefetch(ReadOnlySpan<byte> key)
    {
    }

    /// <summary>Any thread. The entry of a key as one consistent whole, or one with <see cref="StoredEntry.Found"/> false. Dispose of
    /// it.</summary>
    StoredEntry Read(ReadOnlySpan<byte> key);

    /// <summary>Any thread. Walks the entries while the writer goes on; see <see cref="StoreScan"/>.</summary>
    StoreScan Scan();
}
