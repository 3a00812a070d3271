using System.Runtime.InteropServices;
using Confluent.Kafka;
using KafkaCaching.Clients;

namespace KafkaCaching.Replay.Sources;

/// <summary>Assigns through librdkafka itself. Confluent's own Assign drops the leader epochs (seen with 2.15.1), and without one the client doesn't ask
/// whether the log still holds the record before the position (KIP-320): it may have been cut off and have grown past the position again.</summary>
internal static partial class NativeAssignment
{
    /// <exception cref="MissingMemberException">This Confluent.Kafka keeps its handle elsewhere.</exception>
    /// <exception cref="EntryPointNotFoundException">The native module lacks a function.</exception>
    public static void Assign(IConsumer<byte[]?, byte[]?> consumer, string topic, IReadOnlyList<PartitionProgress> from)
    {
        var partitions = NewList(from.Count);
        try
        {
            foreach (var partition in from)
            {
                var added = Add(partitions, topic, partition.Partition);
                Check(SetOffset(partitions, topic, partition.Partition, partition.Position));
                if (partition.LeaderEpoch is { } epoch)
                    SetLeaderEpoch(added, epoch);
            }

            Check(Assign(NativeHandle.Of(consumer), partitions));
        }
        finally
        {
            Destroy(partitions);
        }
    }

    private static void Check(ErrorCode error)
    {
        if (error != ErrorCode.NoError)
            throw new KafkaException(error);
    }

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_new")]
    private static partial nint NewList(int size);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_destroy")]
    private static partial void Destroy(nint list);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_add", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Add(nint list, string topic, int partition);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_list_set_offset", StringMarshalling = StringMarshalling.Utf8)]
    private static partial ErrorCode SetOffset(nint list, string topic, int partition, long offset);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_topic_partition_set_leader_epoch")]
    private static partial void SetLeaderEpoch(nint partition, int leaderEpoch);

    [LibraryImport(NativeModule.Name, EntryPoint = "rd_kafka_assign")]
    private static partial ErrorCode Assign(SafeHandle client, nint list);
}
