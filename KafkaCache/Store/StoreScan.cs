using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>An enumeration, by one thread, of the entries that have not expired, including quarantined ones. A key that is present
/// throughout is returned at least once, and exactly once if nothing is written to the store. Each entry is read atomically. If a key is
/// returned twice, the second entry is not older than the first.</summary>
internal abstract class StoreScan : IDisposable
{
    /// <summary>The key of the current entry; valid until the next move.</summary>
    public abstract ReadOnlySpan<byte> Key { get; }

    /// <summary>The kept headers of the current entry and its value; valid until the next move.</summary>
    public abstract ReadOnlySpan<byte> Content { get; }

    public abstract EntryMetadata Metadata { get; }

    /// <summary>The value of the current entry; valid until the next move.</summary>
    public ReadOnlySpan<byte> Value => Content[Metadata.HeaderBytes..];

    /// <summary>Whether the key no longer has an entry. Such keys are returned only if the scan includes removed entries.</summary>
    public virtual bool IsRemoved => false;

    public abstract bool MoveNext();

    public abstract void Dispose();
}
