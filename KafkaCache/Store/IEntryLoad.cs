using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Fills an empty store that is not in use yet. This is faster than single writes.</summary>
internal interface IEntryLoad
{
    /// <summary>Whether several threads may load concurrently if each takes whole buckets of an index of this size.</summary>
    /// <param name="buckets">The number of buckets, a power of two.</param>
    bool CanSplit(long buckets);

    /// <summary>Begins a lane, for one thread. All entries of a bucket must be added to the same lane, or to lanes each of which was begun
    /// after the previous one had ended.</summary>
    IEntryLane BeginLane();

    /// <summary>Makes the store ready for use. It must not be called after a failure, after which the store must be discarded.</summary>
    void End();
}

/// <summary>Loads entries on one thread.</summary>
internal interface IEntryLane
{
    /// <returns>Whether the key is new. If not, the store must be discarded.</returns>
    /// <exception cref="EntryTooLargeException">The entry exceeds the store's <see cref="IStateStore.MaxEntryBytes"/>.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up.</exception>
    bool Add(ulong hash, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    void End();
}
