namespace KafkaCaching.Replay.Progress;

/// <summary>The leader epoch under which the record at <paramref name="Offset"/> was written. In a batch, consecutive records of one
/// partition form a run, and this record is the last one of its run.</summary>
internal readonly record struct PartitionEpoch(int Partition, long Offset, int LeaderEpoch);
