namespace KafkaCaching.Replay.Sources;

/// <summary>The leader epoch under which the record at <paramref name="Offset"/> was written, the last one of its partition in a
/// batch.</summary>
internal readonly record struct PartitionEpoch(int Partition, long Offset, int LeaderEpoch);
