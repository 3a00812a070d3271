using System.Text.RegularExpressions;
using Confluent.Kafka;

namespace KafkaCaching.EntityFrameworkCore.Debezium.Streaming;

/// <summary>Determines the positions from which the partitions of the topics are read.</summary>
internal sealed class Positions(IConsumer<byte[]?, byte[]?> consumer, IAdminClient admin, Regex pattern, TimeSpan timeout)
{
    private readonly HashSet<TopicPartition> _known = [];
    private long? _lastLook;
    private bool _hasBegun;

    /// <summary>Looks for partitions that are not being read yet, at most once per interval.</summary>
    public TopicPartition[] FindNew(TimeProvider time, TimeSpan interval)
    {
        if (_lastLook is { } last && time.GetElapsedTime(last) < interval)
            return [];
        _lastLook = time.GetTimestamp();
        return [
            .. admin.GetMetadata(timeout).Topics.Where(topic => pattern.IsMatch(topic.Topic))
                .SelectMany(static topic => topic.Partitions.Select(one => new TopicPartition(topic.Topic, one.PartitionId)))
                .Where(partition => !_known.Contains(partition)),
        ];
    }

    /// <summary>Determines where to begin reading.</summary>
    /// <returns>The positions from which to continue, and the ends of the partitions whose position is not known, in which changes may have
    /// been missed.</returns>
    public (IReadOnlyList<TopicPartitionOffset> Begun, IReadOnlyList<TopicPartitionOffset> Lost) Of(TopicPartition[] partitions)
    {
        var (begun, lost) = (new List<TopicPartitionOffset>(), new List<TopicPartitionOffset>());
        var committed = consumer.Committed(partitions, timeout);
        var isFirst = !_hasBegun && committed.TrueForAll(static one => one.Offset.IsSpecial);
        foreach (var position in committed)
        {
            var ends = consumer.QueryWatermarkOffsets(position.TopicPartition, timeout);

            // If the group has offsets in other partitions, a partition without an offset is new and is read from its beginning.
            if (position.Offset.IsSpecial && !isFirst && ends.Low.Value == 0)
                begun.Add(new TopicPartitionOffset(position.TopicPartition, ends.Low));
            else if (position.Offset.IsSpecial || position.Offset < ends.Low || position.Offset > ends.High)
                lost.Add(new TopicPartitionOffset(position.TopicPartition, ends.High));
            else
                begun.Add(position);
        }

        return (begun, lost);
    }

    public void Keep(IReadOnlyList<TopicPartitionOffset> positions) => consumer.Commit(positions);

    public void Assign(IReadOnlyList<TopicPartitionOffset> positions)
    {
        consumer.IncrementalAssign(positions);
        _known.UnionWith(positions.Select(static one => one.TopicPartition));
        _hasBegun = true;
    }
}
