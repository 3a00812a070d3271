namespace KafkaCaching.Replay.Sources;

/// <summary>A partition has been read to its end: every offset below <paramref name="Offset"/> is passed, markers and compacted gaps
/// included.</summary>
internal readonly record struct PartitionEnd(int Partition, long Offset);
