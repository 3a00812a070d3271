using KafkaCaching.Store.Memory;

namespace KafkaCaching;

/// <summary>Options of the store that holds a cache's entries.</summary>
public sealed class StoreOptions
{
    private long? _maxEntryBytes;

    /// <summary>The maximum memory for the store's pages and index, in bytes. The memory is allocated as entries arrive. When it is used
    /// up, the cache spills entries to <see cref="SpillDirectory"/> or, if none is set, acts according to <see cref="WhenFull"/>. Range: 16
    /// MiB to 1 TiB. Default: 1 GiB.</summary>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>The maximum number of bytes of one entry: its key, its value and 62 bytes that the store adds. A larger put is refused, and
    /// a larger record is a record error (<see cref="RecordErrorReason.TooLarge"/>). A higher limit costs memory, and also time whenever
    /// the store begins a new page. Range: 1 KiB to 256 MiB, and the next power of two at most an eighth of <see cref="MemoryBudget"/>.
    /// Default: 4 MiB; with a budget below 256 MiB, a 64th of it (as a power of two), but at least 1 MiB.</summary>
    public long MaxEntryBytes
    {
        get => _maxEntryBytes ?? StoreGeometry.DefaultPageBytes(MemoryBudget);
        set => _maxEntryBytes = value;
    }

    /// <summary>A directory for entries that exceed the memory budget. It is created if it is missing. The cache's file in it is built from
    /// the topic at every start, and deleted when the cache is disposed of. Default: <see langword="null"/>, which means memory
    /// only.</summary>
    public string? SpillDirectory { get; set; }

    /// <summary>What happens when the entries need more than <see cref="MemoryBudget"/>. <see cref="StoreFullPolicy.Evict"/> is only for
    /// caches whose callers query the original source if an entry is missing. Default: <see cref="StoreFullPolicy.Fault"/>.</summary>
    public StoreFullPolicy WhenFull { get; set; }

    /// <summary>Prefixes of encoded keys. With <see cref="StoreFullPolicy.Evict"/>, entries whose keys begin with one of them are never
    /// evicted. If these entries alone fill the store, the cache faults. Range: up to 100 prefixes, none of them empty. Default:
    /// none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> NeverEvictPrefixes { get; set; } = [];

    internal StoreOptions Copy() => (StoreOptions)MemberwiseClone();
}
