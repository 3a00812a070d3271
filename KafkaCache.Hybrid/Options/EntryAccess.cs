using Microsoft.Extensions.Caching.Hybrid;

namespace KafkaCaching.Hybrid.Options;

/// <summary>The reads and writes that the flags of a call allow. The topic's entries are both the local and the distributed cache that the
/// flags name. Values that are written to the local cache only are kept in <see cref="Fills.LocalEntries"/>.</summary>
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
