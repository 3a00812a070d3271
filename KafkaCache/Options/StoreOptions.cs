using KafkaCaching.Store.Memory;

namespace KafkaCaching;

/// <summary>How the entries are kept.</summary>
public sealed class StoreOptions
{
    private long? _maxEntryBytes;

    /// <summary>The most memory that the store takes, in bytes: its log's pages and its index. Nothing is reserved: memory is taken as
    /// entries come. Past it the cache faults before an entry is lost, or spills where <see cref="SpillDirectory"/> is given.
    /// Range: 16 MiB to 1 TiB. Default: 1 GiB.</summary>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>The most bytes that one entry may take: its key, its value and 54 that the store adds. A put of more is refused, and so is
    /// a record of more (<see cref="RecordErrorReason.TooLarge"/>). Memory is taken by pages that hold one such entry at least, so that a
    /// higher limit costs memory, and time whenever a page is begun. Range: 1 KiB to 256 MiB, and the next power of two at most an eighth
    /// of <see cref="MemoryBudget"/>. Default: 4 MiB; under a budget below 256 MiB a 64th of it (as a power of two), 1 MiB at
    /// least.</summary>
    public long MaxEntryBytes
    {
        get => _maxEntryBytes ?? StoreGeometry.DefaultPageBytes(MemoryBudget);
        set => _maxEntryBytes = value;
    }

    /// <summary>A directory for entries that don't fit the memory budget; it is created when missing, and the cache's own file in it goes
    /// when the cache is disposed of. The content is rebuilt from the topic at every start. Default: <see langword="null"/>, memory
    /// only.</summary>
    public string? SpillDirectory { get; set; }

    /// <summary>What happens when the entries need more than <see cref="MemoryBudget"/>. <see cref="StoreFullPolicy.Evict"/> is for caches
    /// only where a missing entry means that the source is asked. Default: <see cref="StoreFullPolicy.Fault"/>.</summary>
    public StoreFullPolicy WhenFull { get; set; }

    /// <summary>The first bytes of encoded keys whose entries are never evicted, with <see cref="StoreFullPolicy.Evict"/>. If such entries
    /// alone fill the store, the cache faults. Range: up to 100 prefixes, none of them empty. Default: none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NeverEvictPrefixes { get; set; } = [];

    internal StoreOptions Copy() => (StoreOptions)MemberwiseClone();
}
