using KafkaCaching.Store.Entries;

namespace KafkaCaching.Store;

/// <summary>Fills an empty store that nobody uses yet, more quickly than by single writes.</summary>
internal interface IEntryLoad
{
    /// <summary>Whether several threads may load at once, if each takes whole buckets of an index of this size.</summary>
    /// <param name="buckets">The number of buckets, a power of two.</param>
    bool CanSplit(long buckets);

    /// <summary>Begins a lane, for one thread. The entries of one bucket belong in one lane, or in lanes that were begun one after the
    /// other has ended.</summary>
    IEntryLane BeginLane();

    /// <summary>Makes the store ready. Not after a failure: the store is to be dropped then.</summary>
    void End();
}

/// <summary>Loads entries on one thread.</summary>
internal interface IEntryLane
{
    /// <summary>Adds an entry.</summary>
    /// <returns>Whether the key is new. If not, the store is to be dropped.</returns>
    /// <exception cref="EntryTooLargeException">The entry exceeds the store's <see cref="IStateStore.MaxEntryBytes"/>.</exception>
    /// <exception cref="StoreFullException">The memory budget is used up.</exception>
    bool Add(ulong hash, ReadOnlySpan<byte> key, in EntryMetadata metadata, ReadOnlySpan<byte> content);

    /// <summary>Ends the lane.</summary>
    void End();
}
