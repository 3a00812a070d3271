using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Maps key bytes to entries, for one writer at a time and any number of concurrent readers. It does not depend on
/// Kafka.</summary>
/// <remarks>If the file of a spilling store could not be written or read, every operation that needs the file throws an
/// <see cref="IOException"/> that names the option. Dispose of the store from the writer, or after the writer has ended. Reads and scans in
/// progress then finish, and new ones throw <see cref="ObjectDisposedException"/>.</remarks>
internal interface IStateStore : IDisposable
{
    /// <summary>The exact number of readable entries, which are those that are neither quarantined nor expired. Safe to read from any
    /// thread.</summary>
    long Count { get; }

    /// <summary>The number of entries that have expired but have not been swept yet. Safe to read from any thread.</summary>
    long ExpiredCount => 0;

    /// <summary>Whether the store has evicted an entry. Safe to read from any thread.</summary>
    bool HasEvicted => false;

    /// <summary>The number of bytes held in memory by the log pages and the index. Safe to read from any thread.</summary>
    long MemoryBytes { get; }

    /// <summary>The number of bytes that the spill file occupies on disk; <see langword="null"/> if the store does not spill. Safe to read
    /// from any thread.</summary>
    long? SpilledBytes => null;

    /// <summary>The maximum total size of a key and its content, in bytes.</summary>
    int MaxEntryBytes { get; }

    /// <summary>Observes each write; <see langword="null"/> if there is no observer. It may be set only by the writer, or while the writer
    /// is idle.</summary>
    IEntryObserver? Observer { get; set; }

    /// <summary>Sets an entry, unless the key has an entry of another partition that the new one does not supersede. Called by the writer
    /// only.</summary>
    /// <param name="key">The key.</param>
    /// <param name="metadata">The metadata of the entry.</param>
    /// <param name="content">The kept headers, whose number of bytes is in the metadata, and the value.</param>
    /// <exception cref="EntryTooLargeException">Key and content exceed <see cref="MaxEntryBytes"/>; nothing changed.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up; nothing changed and nothing was lost.</exception>
    WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    /// <summary>Sets an entry unconditionally. The caller has already decided that it replaces the current one. Throws the same exceptions
    /// as <see cref="Set"/>. Called by the writer only.</summary>
    void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    /// <summary>Removes an entry, unless it is from another partition and the tombstone does not supersede it. This works even if the store
    /// is full. Called by the writer only.</summary>
    WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone);

    /// <summary>Removes expired entries until none is left or the time limit is reached. Called by the writer only.</summary>
    /// <param name="atMost">The time limit.</param>
    void Sweep(TimeSpan atMost)
    {
    }

    /// <summary>Records that a key's entry was read without the store, so that it is not evicted soon. Safe to call from any
    /// thread.</summary>
    void NoteRead(ReadOnlySpan<byte> key)
    {
    }

    /// <summary>Hints that the key will be written soon. Called by the writer only.</summary>
    void Prefetch(ReadOnlySpan<byte> key)
    {
    }

    /// <summary>Reads a key's entry atomically. If there is none, or if it has expired, <see cref="StoredEntry.Found"/> is false. Dispose
    /// of the result. Safe to call from any thread.</summary>
    StoredEntry Read(ReadOnlySpan<byte> key);

    /// <summary>Does the same as <see cref="Read"/>, but also returns an entry that has expired and has not been swept yet. Safe to call
    /// from any thread.</summary>
    StoredEntry ReadEvenExpired(ReadOnlySpan<byte> key) => Read(key);

    /// <summary>Begins to fill the store. The store must be new, and must not be used otherwise until the load ends.</summary>
    /// <returns>The load, or <see langword="null"/> if this store supports only single writes.</returns>
    IEntryLoad? BeginLoad() => null;

    /// <summary>Captures the entries as they are now, to be read on another thread while the writer continues. The call takes microseconds.
    /// There is one capture at a time. Called by the writer only.</summary>
    /// <param name="below">The position of each partition. Entries with lower offsets are captured.</param>
    /// <returns>The capture, or <see langword="null"/> if the store does not support captures.</returns>
    EntryCapture? BeginCapture(long[] below) => null;

    /// <summary>Enumerates the entries while the writer continues; see <see cref="StoreScan"/>. Safe to call from any thread.</summary>
    /// <param name="includesRemoved">Whether to include keys whose entry has expired or has been removed, if their slots still
    /// exist.</param>
    StoreScan Scan(bool includesRemoved = false);
}
