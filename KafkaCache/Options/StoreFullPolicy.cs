namespace KafkaCaching;

/// <summary>What a cache does when its store is full.</summary>
public enum StoreFullPolicy
{
    /// <summary>The cache faults, so that no read ever misses an entry that the topic has.</summary>
    Fault,

    /// <summary>The entries that were written longest ago are evicted, except those that have been read since: these get a second chance.
    /// Reads then find nothing under the keys of evicted entries, although the topic has a record. Which entries are evicted differs from
    /// process to process.</summary>
    Evict,
}
