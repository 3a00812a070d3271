namespace KafkaCaching.Replay.Progress;

/// <summary>The leader epoch in which the record at <paramref name="Offset"/> was written. In a batch, consecutive records of one partition
/// form a run, and the epoch is recorded only for the last record of each run.</summary>
internal readonly record struct PartitionEpoch(int Partition, long Offset, int LeaderEpoch);
