using KafkaCaching.Logs;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Snapshots.Format;

namespace KafkaCaching.Generations;

/// <summary>Starts with a snapshot's entries, at the positions at which the snapshot was taken.</summary>
internal sealed class SnapshotStart(LoadedSnapshot loaded) : StartPoint
{
    public override LoadedSnapshot Loaded => loaded;

    public override PartitionProgress Of(int partition, LogRange range, long reached)
    {
        var partitions = loaded.Description.Partitions;
        if (partition >= partitions.Length)
            return LogStart.Of(partition, range, reached); // The partition was added after the snapshot.
        var taken = partitions[partition];
        return taken.LeaderEpoch == SnapshotPartition.NoEpoch // The partition was empty.
            ? LogStart.Of(partition, range, reached)
            : PartitionProgress.Resumed(partition, range, taken.ResumeAt, taken.LeaderEpoch, taken.TimestampMs);
    }
}
