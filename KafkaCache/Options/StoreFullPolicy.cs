namespace KafkaCaching;

/// <summary>What a cache does when its store is full.</summary>
public enum StoreFullPolicy
{
    /// <summary>The cache faults, so that no read ever misses an entry that is in the topic.</summary>
    Fault,

    /// <summary>The entries that were written the longest time ago are evicted, but those that have been read since then get a second
    /// chance. Reads then find nothing under the keys of evicted entries, although the topic has records of them. Which entries are evicted
    /// differs from process to process.</summary>
    Evict,
}
