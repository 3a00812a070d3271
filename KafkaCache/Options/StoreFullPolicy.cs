namespace KafkaCaching;

/// <summary>What a cache does when its store is full.</summary>
public enum StoreFullPolicy
{
    /// <summary>The cache faults, so that no read ever misses an entry that the topic has.</summary>
    Fault,

    /// <summary>The entries that were written longest ago make room, except those that were read since: they are given a second chance.
    /// Reads then find nothing under their keys, although the topic has a record. Which entries go differs from process to
    /// process.</summary>
    Evict,
}
