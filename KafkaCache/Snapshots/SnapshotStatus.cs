namespace KafkaCaching;

/// <summary>The state of the snapshots that a cache writes.</summary>
public sealed record SnapshotStatus
{
    /// <summary>A human-readable description of why no snapshots are written; <see langword="null"/> if nothing prevents them.</summary>
    public string? Unavailable { get; init; }

    /// <summary>The path of the file. The file exists after the first snapshot.</summary>
    public string? Path { get; init; }

    /// <summary>When the last snapshot was written, by this process or an earlier one; <see langword="null"/> before the first.</summary>
    public DateTimeOffset? Written { get; init; }

    /// <summary>The time since the last snapshot was written.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The size of the file in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The number of entries in the file.</summary>
    public long Entries { get; init; }

    /// <summary>How long the last snapshot took to write; zero before this process has written one.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The number of snapshots written since the cache was created.</summary>
    public long Count { get; init; }

    /// <summary>The number of snapshots that failed, because of the disk or the directory.</summary>
    public long Failures { get; init; }

    /// <summary>The number of snapshots that were abandoned because the entries changed faster than they could be saved, or because the
    /// store was replaced during the snapshot.</summary>
    public long Aborted { get; init; }

    /// <summary>The last error; <see langword="null"/> if the last snapshot succeeded.</summary>
    public string? LastError { get; init; }
}
