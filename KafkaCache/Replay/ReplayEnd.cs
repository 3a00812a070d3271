namespace KafkaCaching.Replay;

/// <summary>The reason why a replay loop ended. An error that ends the cache is thrown instead. The members are in the order of
/// <see cref="ReplayEnds.MoreSerious"/>: the handling of each member includes that of the members before it.</summary>
internal enum ReplayEnd
{
    /// <summary>The cache is stopping.</summary>
    Stopped,

    /// <summary>The consumer is unusable. The positions remain valid.</summary>
    SourceBroken,

    /// <summary>The generation has more partitions than the source reads. The positions remain valid.</summary>
    PartitionsAdded,

    /// <summary>Compaction may have removed tombstones before they were read. The log and the positions remain valid.</summary>
    TombstonesMissed,

    /// <summary>The snapshot from which the cache serves reads can't be loaded. The log and the positions remain valid.</summary>
    SnapshotUnusable,

    /// <summary>The log no longer holds the records that it held before. The positions are meaningless.</summary>
    LogChanged,
}
