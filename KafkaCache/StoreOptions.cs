namespace KafkaCaching;

/// <summary>How the entries are kept.</summary>
public sealed class StoreOptions
{
    /// <summary>The most memory that the store takes, in bytes: its log's pages and its index. Nothing is reserved: memory is taken as entries come.
    /// Past it the cache faults before an entry is lost, or spills where <see cref="SpillDirectory"/> is given.
    /// Range: 16 MiB to 1 TiB. Default: 1 GiB.</summary>
    public long MemoryBudget { get; set; } = 1L << 30;

    /// <summary>A directory for entries that don't fit the memory budget; it is created when missing, and the cache's own file in it goes when
    /// the cache is disposed of. The content is rebuilt from the topic at every start. Default: <see langword="null"/>, memory only.</summary>
    public string? SpillDirectory { get; set; }

    internal StoreOptions Copy() => (StoreOptions)MemberwiseClone();
}
