namespace KafkaCaching.Replay.Progress;

/// <summary>The leader epoch under which the record at <paramref name="Offset"/> was written. That record is the last one of its run of
/// records of one partition in a batch.</summary>
internal readonly record struct PartitionEpoch(int Partition, long Offset, int LeaderEpoch);
