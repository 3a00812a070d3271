using KafkaCaching.Store.Memory;

namespace KafkaCaching;

/// <summary>How the entries are kept.</summary>
public sealed class StoreOptions
{
    private long? _maxEntryBytes;

    /// <summary>The most memory for the store's pages and index, in bytes. The memory is allocated as entries arrive. When it is used up,
    /// the cache spills to <see cref="SpillDirectory"/>, or acts according to <see cref="WhenFull"/>. Range: 16 MiB to 1 TiB. Default: 1
    /// GiB.</summary>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>The most bytes of one entry: its key, its value and 54 bytes that the store adds. A larger put is refused, and so is a
    /// larger record (<see cref="RecordErrorReason.TooLarge"/>). A higher limit costs memory, and time whenever a page is begun. Range: 1
    /// KiB to 256 MiB, and the next power of two at most an eighth of <see cref="MemoryBudget"/>. Default: 4 MiB; with a budget below 256
    /// MiB, a 64th of it (as a power of two), but at least 1 MiB.</summary>
    public long MaxEntryBytes
    {
        get => _maxEntryBytes ?? StoreGeometry.DefaultPageBytes(MemoryBudget);
        set => _maxEntryBytes = value;
    }

    /// <summary>A directory for entries beyond the memory budget. It is created if it is missing. The cache's own file in it is built from
    /// the topic at every start, and is deleted when the cache is disposed of. Default: <see langword="null"/>, which means memory
    /// only.</summary>
    public string? SpillDirectory { get; set; }

    /// <summary>What happens when the entries need more than <see cref="MemoryBudget"/>. <see cref="StoreFullPolicy.Evict"/> is only for
    /// caches whose callers ask the source when an entry is missing. Default: <see cref="StoreFullPolicy.Fault"/>.</summary>
    public StoreFullPolicy WhenFull { get; set; }

    /// <summary>The first bytes of encoded keys whose entries are never evicted, with <see cref="StoreFullPolicy.Evict"/>. If they alone
    /// fill the store, the cache faults. Range: up to 100 prefixes, none of them empty. Default: none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NeverEvictPrefixes { get; set; } = [];

    internal StoreOptions Copy() => (StoreOptions)MemberwiseClone();
}
