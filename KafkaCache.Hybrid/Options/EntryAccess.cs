using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Hybrid.Options;

/// <summary>The reads and writes that the flags of a call allow. One store takes the place of both the local and the distributed cache of
/// other implementations. Besides it, there is a small table of values that only this process has.</summary>
internal readonly struct EntryAccess(HybridCacheEntryFlags flags)
{
    private const HybridCacheEntryFlags NoReads =
        HybridCacheEntryFlags.DisableLocalCacheRead | HybridCacheEntryFlags.DisableDistributedCacheRead;

    public static EntryAccess Of(HybridCacheEntryOptions? options) => new(options?.Flags ?? HybridCacheEntryFlags.None);

    public HybridCacheEntryFlags Flags => flags;

    /// <summary>Whether the entries of the topic are read. They are in this process's memory, so either kind of read finds them.</summary>
    public bool ReadsStored => (flags & NoReads) != NoReads;

    public bool ReadsLocal => (flags & HybridCacheEntryFlags.DisableLocalCacheRead) == HybridCacheEntryFlags.None;

    public bool WritesStored => (flags & HybridCacheEntryFlags.DisableDistributedCacheWrite) == HybridCacheEntryFlags.None;

    /// <summary>Whether the value is kept in this process only.</summary>
    public bool WritesLocalOnly => !WritesStored && (flags & HybridCacheEntryFlags.DisableLocalCacheWrite) == HybridCacheEntryFlags.None;

    public bool RunsFactory => (flags & HybridCacheEntryFlags.DisableUnderlyingData) == HybridCacheEntryFlags.None;
}
