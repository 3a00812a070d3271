using Confluent.Kafka;
using KafkaCaching.Replay.Progress;

namespace KafkaCaching.Replay.Sources;

/// <summary>The calls to the consumer that <see cref="QueueSource"/> and <see cref="ConsumeSource"/> have in common.</summary>
internal static class Assignments
{
    /// <summary>Returns every partition with its position. The offsets are explicit, because <see cref="Offset.Beginning"/> would cause a
    /// separate request.</summary>
    public static List<TopicPartitionOffset> Of(string topic, IReadOnlyList<PartitionProgress> from)
    {
        var assignment = new List<TopicPartitionOffset>(from.Count);
        foreach (var partition in from)
            assignment.Add(new TopicPartitionOffset(topic, partition.Partition, partition.Position));
        return assignment;
    }

    public static long NextOffset(IConsumer<byte[]?, byte[]?> consumer, string topic, int partition)
    {
        // librdkafka advances its position past a transaction marker when it takes the marker from its queue.
        var next = consumer.Position(new TopicPartition(topic, partition));
        return next.IsSpecial ? -1 : next.Value;
    }

    public static long HighWatermark(IConsumer<byte[]?, byte[]?> consumer, string topic, int partition)
    {
        var high = consumer.GetWatermarkOffsets(new TopicPartition(topic, partition)).High;
        return high == Offset.Unset ? -1 : high.Value;
    }
}
