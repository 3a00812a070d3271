using Confluent.Kafka;

namespace KafkaCaching.Topics;

/// <summary>One offset for each partition of a topic, or the problem with the topic.</summary>
internal readonly record struct OffsetList(long[] Offsets, Error Problem)
{
    public static OffsetList Of(IEnumerable<TopicPartitionOffsetError> told, int partitions)
    {
        var offsets = new long[partitions];
        Array.Fill(offsets, -1);
        foreach (var one in told)
        {
            if (one.Partition.Value >= partitions)
                continue;
            if (one.Error.IsError)
                return new OffsetList([], one.Error);
            offsets[one.Partition.Value] = one.Offset.Value;
        }

        return new OffsetList(offsets, new Error(ErrorCode.NoError));
    }
}
