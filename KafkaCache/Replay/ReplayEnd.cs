namespace KafkaCaching.Replay;

/// <summary>Why a replay loop came to its end; an error that ends the cache is thrown instead. In the order of
/// <see cref="ReplayEnds.Graver"/>: each does all that the ones before it do.</summary>
internal enum ReplayEnd
{
    /// <summary>It was told to stop.</summary>
    Stopped,

    /// <summary>The consumer is beyond use; the positions hold.</summary>
    SourceBroken,

    /// <summary>The generation has got more partitions than the source reads; the positions hold.</summary>
    PartitionsAdded,

    /// <summary>Tombstones may have been cleaned away before they were read; the log and the positions hold.</summary>
    TombstonesMissed,

    /// <summary>The log no longer holds what it held; the positions mean nothing any more.</summary>
    LogChanged,
}
