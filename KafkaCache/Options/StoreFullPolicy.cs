namespace KafkaCaching;

/// <summary>What a cache does when its store is full.</summary>
public enum StoreFullPolicy
{
    /// <summary>The cache faults, so that no read ever misses an entry that is in the topic.</summary>
    Fault,

    /// <summary>The oldest entries are evicted, except that entries that have been read recently are kept for the time being. Reads then
    /// find nothing under the keys of evicted entries, although the topic still has their records. Which entries are evicted differs from
    /// process to process.</summary>
    Evict,
}
