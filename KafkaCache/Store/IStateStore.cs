using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Maps key bytes to entries. One writer at a time and any number of concurrent readers; knows nothing of Kafka.</summary>
/// <remarks>If the file of a spilling store could not be written or read, every operation that needs the file throws an
/// <see cref="IOException"/> that names the option. Dispose of the store from the writer, or after the writer has ended. Reads and scans in
/// progress then finish, and new ones throw <see cref="ObjectDisposedException"/>.</remarks>
internal interface IStateStore : IDisposable
{
    /// <summary>The exact number of readable entries: neither quarantined nor expired. Any thread.</summary>
    long Count { get; }

    /// <summary>The number of entries that have expired and take memory until they are swept. Any thread.</summary>
    long ExpiredCount => 0;

    /// <summary>The bytes held in memory: log pages and index. Any thread.</summary>
    long MemoryBytes { get; }

    /// <summary>The largest total size of a key and its value, in bytes.</summary>
    int MaxEntryBytes { get; }

    /// <summary>Sees each write; <see langword="null"/> while nobody listens, which costs a write nothing. Set it from the writer, or
    /// while the writer is known to rest.</summary>
    IEntryObserver? Observer { get; set; }

    /// <summary>Writer only. Sets an entry, unless the key has an entry of another partition that the new one does not supersede.</summary>
    /// <param name="key">The key.</param>
    /// <param name="metadata">What is known of the entry.</param>
    /// <param name="content">The kept headers, as many bytes as the metadata say, and the value.</param>
    /// <exception cref="EntryTooLargeException">Key and content exceed <see cref="MaxEntryBytes"/>; nothing changed.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up; nothing changed and nothing was lost.</exception>
    WriteResult Set(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    /// <summary>Writer only. Sets an entry whatever entry the key has now, because the caller has already decided. Throws as
    /// <see cref="Set"/> does.</summary>
    void Replace(ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    /// <summary>Writer only. Removes an entry, unless it is from another partition and the tombstone does not supersede it. Works even if
    /// the store is full.</summary>
    WriteResult Remove(ReadOnlySpan<byte> key, in EntryMetadata tombstone);

    /// <summary>Writer only. Removes entries that have expired, until the time is up or all are gone.</summary>
    /// <param name="atMost">The time that it may take.</param>
    void Sweep(TimeSpan atMost)
    {
    }

    /// <summary>Any thread. Notes that a key's entry was read elsewhere, so that eviction spares it.</summary>
    void NoteRead(ReadOnlySpan<byte> key)
    {
    }

    /// <summary>Writer only. Gives a hint that the key will be written soon.</summary>
    void Prefetch(ReadOnlySpan<byte> key)
    {
    }

    /// <summary>Any thread. Reads a key's entry as one consistent whole. If there is none, or it has expired,
    /// <see cref="StoredEntry.Found"/> is false. Dispose of the result.</summary>
    StoredEntry Read(ReadOnlySpan<byte> key);

    /// <summary>Any thread. Does the same, and also returns an entry that has expired and was not swept yet.</summary>
    StoredEntry ReadEvenExpired(ReadOnlySpan<byte> key) => Read(key);

    /// <summary>Begins to fill the store, which is new and which nobody else uses until the end.</summary>
    /// <returns>The load, or <see langword="null"/> if this store is filled by single writes.</returns>
    IEntryLoad? BeginLoad() => null;

    /// <summary>Writer only. Captures the entries as they are now, to be read on another thread while the writer goes on. Takes
    /// microseconds. One capture at a time.</summary>
    /// <param name="below">For each partition, the position: an entry is captured if its offset lies below.</param>
    /// <returns>The capture, or <see langword="null"/> if the store has none.</returns>
    EntryCapture? BeginCapture(long[] below) => null;

    /// <summary>Any thread. Walks the entries while the writer continues; see <see cref="StoreScan"/>.</summary>
    /// <param name="includesRemoved">Whether the walk also stops at keys whose entry has expired or has been removed, as far as their slots
    /// are still there.</param>
    StoreScan Scan(bool includesRemoved = false);
}
