namespace KafkaCaching.Replay;

/// <summary>The reason for which a replay loop ended; an error that ends the cache is thrown instead. The members are in the order of
/// <see cref="ReplayEnds.MoreSerious"/>: the handling of each includes that of the ones before it.</summary>
internal enum ReplayEnd
{
    /// <summary>The loop was told to stop.</summary>
    Stopped,

    /// <summary>The consumer is unusable. The positions remain valid.</summary>
    SourceBroken,

    /// <summary>The generation has more partitions than the source reads. The positions remain valid.</summary>
    PartitionsAdded,

    /// <summary>Tombstones may have been cleaned away before they were read. The log and the positions remain valid.</summary>
    TombstonesMissed,

    /// <summary>The snapshot that the cache serves can't be loaded. The log and the positions remain valid.</summary>
    SnapshotUnusable,

    /// <summary>The log no longer holds the records that it held. The positions are meaningless.</summary>
    LogChanged,
}
