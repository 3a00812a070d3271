namespace KafkaCaching.Replay.Sources;

/// <summary>The end of a partition that has been read completely: the source has passed every offset below <paramref name="Offset"/>,
/// including transaction markers and gaps left by compaction.</summary>
internal readonly record struct PartitionEnd(int Partition, long Offset);
