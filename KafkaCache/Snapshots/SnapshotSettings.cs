namespace KafkaCaching.Snapshots;

/// <summary>The options that concern snapshots.</summary>
/// <param name="Files">Where they are.</param>
/// <param name="Options">A copy of the options.</param>
/// <param name="MaxBytes">The most bytes that a snapshot and its successor may take together.</param>
/// <param name="Fingerprint">What the entries depend on.</param>
/// <param name="Topic">The topic, for the log.</param>
/// <param name="Time">The clock.</param>
internal sealed record SnapshotSettings(
    SnapshotFiles Files, SnapshotOptions Options, long MaxBytes, string Fingerprint, string Topic, TimeProvider Time)
{
    /// <summary>Why this cache can't have snapshots although a directory is given; <see langword="null"/> if it can.</summary>
    public string? Unsupported { get; init; }

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
            Unsupported = options.Store.SpillDirectory is not null ? "There are no snapshots of caches with a Store.SpillDirectory yet."
                : options.Log is not null ? "There are no snapshots of caches with a Log: it has no leader epochs to check them by."
                : null,
        };
    }
}
