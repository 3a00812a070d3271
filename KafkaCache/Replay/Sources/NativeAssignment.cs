using Confluent.Kafka;
using KafkaCaching.Native;
using KafkaCaching.Replay.Progress;

namespace KafkaCaching.Replay.Sources;

/// <summary>Assigns partitions by calling librdkafka directly, because Confluent.Kafka's Assign drops the leader epochs (as of 2.15.1).
/// Without an epoch, the client does not check whether the log still holds the record before the position (KIP-320). The log may have been
/// truncated and then have grown past the position again.</summary>
internal static class NativeAssignment
{
    /// <exception cref="MissingMemberException">This version of Confluent.Kafka keeps its handle elsewhere.</exception>
    /// <exception cref="EntryPointNotFoundException">The native module lacks a function.</exception>
    public static void Assign(IConsumer<byte[]?, byte[]?> consumer, string topic, IReadOnlyList<PartitionProgress> from)
    {
        var partitions = Librdkafka.NewPartitions(from.Count);
        try
        {
            foreach (var partition in from)
            {
                var added = Librdkafka.AddPartition(partitions, topic, partition.Partition);
                Check(Librdkafka.SetOffset(partitions, topic, partition.Partition, partition.Position));
                if (partition.LeaderEpoch is { } epoch)
                    Librdkafka.SetLeaderEpoch(added, epoch);
            }

            Check(Librdkafka.Assign(NativeHandle.Of(consumer), partitions));
        }
        finally
        {
            Librdkafka.DestroyPartitions(partitions);
        }
    }

    private static void Check(ErrorCode error)
    {
        if (error != ErrorCode.NoError)
            throw new KafkaException(error);
    }
}
