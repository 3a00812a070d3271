using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>A walk over the entries, quarantined ones included, by one thread. A key present throughout comes at least once; in a store
/// that nobody writes to, exactly once. Each entry is a consistent whole, and for a key that comes twice the later one is no
/// older.</summary>
internal abstract class StoreScan : IDisposable
{
    /// <summary>The key of the current entry; valid until the next move.</summary>
    public abstract ReadOnlySpan<byte> Key { get; }

    /// <summary>The value of the current entry; valid until the next move.</summary>
    public abstract ReadOnlySpan<byte> Value { get; }

    public abstract EntryMetadata Metadata { get; }

    public abstract bool MoveNext();

    public abstract void Dispose();
}
