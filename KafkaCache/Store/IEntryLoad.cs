using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Fills an empty store that is not in use yet, faster than single writes do.</summary>
internal interface IEntryLoad
{
    /// <summary>Whether several threads may load at once, if each takes whole buckets of an index of this size.</summary>
    /// <param name="buckets">The number of buckets, a power of two.</param>
    bool CanSplit(long buckets);

    /// <summary>Begins a lane, for one thread. The entries of one bucket belong in one lane, or in lanes of which each was begun after the
    /// previous one had ended.</summary>
    IEntryLane BeginLane();

    /// <summary>Makes the store ready. It must not be called after a failure; the store must then be dropped.</summary>
    void End();
}

/// <summary>Loads entries on one thread.</summary>
internal interface IEntryLane
{
    /// <summary>Adds an entry.</summary>
    /// <returns>Whether the key is new. If not, the store must be dropped.</returns>
    /// <exception cref="EntryTooLargeException">The entry exceeds the store's <see cref="IStateStore.MaxEntryBytes"/>.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up.</exception>
    bool Add(ulong hash, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    /// <summary>Ends the lane.</summary>
    void End();
}
