namespace KafkaCaching;

/// <summary>How the first generation of a cache started.</summary>
public sealed record StartStatus
{
    /// <summary>Whether the cache started from a snapshot.</summary>
    public bool IsWarm => Reason == ColdStartReason.None;

    /// <summary>Why the cache did not start from a snapshot; <see cref="ColdStartReason.None"/> if it did.</summary>
    public required ColdStartReason Reason { get; init; }

    /// <summary>A human-readable description of what was wrong with the snapshot; <see langword="null"/> if nothing was.</summary>
    public string? Problem { get; init; }

    /// <summary>The age of the snapshot at the start. Everything written longer ago than that was in the snapshot. <see langword="null"/>
    /// if no snapshot was read.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The number of entries taken from the snapshot.</summary>
    public long Entries { get; init; }

    /// <summary>Whether reads are still served from the file, because not all entries are in memory.</summary>
    public bool IsLoading { get; init; }

    /// <summary>How long the file took to load; zero if no file was loaded, or it is still loading.</summary>
    public TimeSpan LoadDuration { get; init; }

    /// <summary>The number of offsets from the snapshot's positions, or from the starts of the log, to the ends of the log.</summary>
    public long OffsetsToReplay { get; init; }
}
