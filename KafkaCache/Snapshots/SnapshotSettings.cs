namespace KafkaCaching.Snapshots;

/// <summary>The options that concern snapshots.</summary>
/// <param name="Files">The files of the snapshots.</param>
/// <param name="Options">A copy of the options.</param>
/// <param name="MaxBytes">The maximum number of bytes that a snapshot and its successor may take together.</param>
/// <param name="Fingerprint">The fingerprint of everything that the entries depend on.</param>
/// <param name="Topic">The topic, for the log.</param>
/// <param name="Time">The clock.</param>
internal sealed record SnapshotSettings(
    SnapshotFiles Files, SnapshotOptions Options, long MaxBytes, string Fingerprint, string Topic, TimeProvider Time)
{
    private const int PartForWrites = 8;

    /// <summary>Why this cache can't have snapshots although a directory is set; <see langword="null"/> if it can.</summary>
    public string? Unsupported { get; init; }

    /// <summary>Whether each entry can be read and written independently of the others. This is the case without indexes, a resolver,
    /// mutation validation and eviction.</summary>
    public bool CanServeFromFile { get; init; }

    /// <summary>The maximum number of bytes of entries written while reads are served from the file.</summary>
    public long MaxWrittenBytes { get; init; }

    public static SnapshotSettings? Of<TKey, TValue>(KafkaCacheOptions<TKey, TValue> options)
        where TKey : notnull
    {
        if (options.Snapshot.Directory is not { } directory)
            return null;
        return new SnapshotSettings(
            new SnapshotFiles(directory, options.Name ?? options.Topic!), options.Snapshot.Copy(),
            options.Snapshot.MaxBytes ?? 4 * options.Store.MemoryBudget, SnapshotFingerprint.Of(options), options.Topic!,
            options.TimeProvider)
        {
            CanServeFromFile = options.Indexes is { All.Count: 0, OrderKeys: false } && options.Resolver is null
                && options.ValidateMutation is null && options.Store.WhenFull != StoreFullPolicy.Evict,
            MaxWrittenBytes = options.Store.MemoryBudget / PartForWrites,
            Unsupported = options.Store.SpillDirectory is not null ? "There are no snapshots of caches with a Store.SpillDirectory yet."
                : options.Log is not null ? "There are no snapshots of caches with a Log, because its records have no leader epochs."
                : null,
        };
    }
}
