using KafkaCaching.Store.Memory;

namespace KafkaCaching;

/// <summary>How the entries are kept.</summary>
public sealed class StoreOptions
{
    private long? _maxEntryBytes;

    /// <summary>The most memory for the store's pages and index, in bytes, taken as entries come. Beyond it the cache spills to
    /// <see cref="SpillDirectory"/>, or does what <see cref="WhenFull"/> says. Range: 16 MiB to 1 TiB. Default: 1 GiB.</summary>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>The most bytes of one entry: its key, its value and 54 that the store adds. A larger put is refused, and so is a larger
    /// record (<see cref="RecordErrorReason.TooLarge"/>). A higher limit costs memory, and time whenever a page is begun. Range: 1 KiB to
    /// 256 MiB, and the next power of two at most an eighth of <see cref="MemoryBudget"/>. Default: 4 MiB; under a budget below 256 MiB a
    /// 64th of it (as a power of two), 1 MiB at least.</summary>
    public long MaxEntryBytes
    {
        get => _maxEntryBytes ?? StoreGeometry.DefaultPageBytes(MemoryBudget);
        set => _maxEntryBytes = value;
    }

    /// <summary>A directory for entries beyond the memory budget; it is created when missing. The cache's own file in it is built from the
    /// topic at every start, and goes when the cache is disposed of. Default: <see langword="null"/>, memory only.</summary>
    public string? SpillDirectory { get; set; }

    /// <summary>What happens when the entries need more than <see cref="MemoryBudget"/>. <see cref="StoreFullPolicy.Evict"/> is only for
    /// caches where a missing entry means that the source is asked. Default: <see cref="StoreFullPolicy.Fault"/>.</summary>
    public StoreFullPolicy WhenFull { get; set; }

    /// <summary>The first bytes of encoded keys whose entries are never evicted, with <see cref="StoreFullPolicy.Evict"/>. If they alone
    /// fill the store, the cache faults. Range: up to 100 prefixes, none of them empty. Default: none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NeverEvictPrefixes { get; set; } = [];

    internal StoreOptions Copy() => (StoreOptions)MemberwiseClone();
}
